using System.Collections.Immutable;
using System.Net;

namespace Rouse.Server.Tests;

public sealed class ConfigurationTests : IDisposable
{
    private readonly TemporaryDirectory _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Without_a_file_everything_has_its_default()
    {
        var settings = Load(json: null);

        Assert.Null(settings.File);
        Assert.Equal(Path.Combine(_home.Path, ".local/share/rouse"), settings.Data);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 7410), settings.Url.Endpoint);
        Assert.Empty(settings.Instances);
        Assert.Equal(3, settings.Engine.Rules.Depth);
        Assert.Equal(5, settings.Engine.Lanes.LimitOf("default"));
        Assert.False(settings.Access.Insecure);
    }

    [Fact]
    public void A_whole_file_is_read()
    {
        Directory.CreateDirectory(Path.Combine(_home.Path, "work"));
        var settings = Load(
            """
            {
              // comments and a trailing comma are fine
              "data": "~/data",
              "url": "http://127.0.0.1:0",
              "instances": {
                "opencode@main": { "harness": "opencode", "url": "http://127.0.0.1:4096", "password": "env:PASSWORD" },
                "opencode@own": { "harness": "opencode", "command": "opencode", "directory": "~/work", "dataDirectory": "own", "environment": ["PATH"] },
                "chat@main": { "harness": "chat", "models": { "scripted": {} }, "agents": { "lead": { "mayDelegate": true, "instructions": "Lead." } } }
              },
              "lanes": { "default": 2, "anthropic": 10, "anthropic/claude-opus-5": 0 },
              "limits": { "depth": 4, "stallAfter": "30m", "lostAfter": "P1D" },
              "engine": { "dispatchDeadline": "5s" },
              "routing": { "live": true },
            }
            """,
            ("PASSWORD", "marked-secret"));

        Assert.Equal(Path.Combine(_home.Path, "data"), settings.Data);
        Assert.Equal(0, settings.Url.Endpoint.Port);
        Assert.Equal(["chat@main", "opencode@main", "opencode@own"], settings.Instances.Select(i => i.Name));
        var main = Assert.IsType<OpenCodeInstance>(settings.Instances[1]);
        Assert.Equal("marked-secret", main.Password!.Reveal());
        var own = Assert.IsType<OpenCodeInstance>(settings.Instances[2]);
        Assert.Equal(Path.Combine(_home.Path, "work"), own.Directory);
        Assert.Equal(Path.Combine(_home.Path, "own"), own.DataDirectory);
        Assert.Equal(["PATH"], own.Environment);
        Assert.True(Assert.IsType<ChatInstance>(settings.Instances[0]).Agents["lead"].MayDelegate);
        Assert.Equal(["anthropic", "anthropic/claude-opus-5"], settings.Engine.Lanes.LanesOf("anthropic/claude-opus-5"));
        Assert.Null(settings.Engine.Lanes.LimitOf("anthropic/claude-opus-5"));
        Assert.Equal(4, settings.Engine.Rules.Depth);
        Assert.Equal(TimeSpan.FromMinutes(30), settings.Engine.Rules.StallAfter);
        Assert.Equal(TimeSpan.FromDays(1), settings.Engine.Rules.LostAfter);
        Assert.Equal(TimeSpan.FromSeconds(5), settings.Engine.DispatchDeadline);
    }

    [Fact]
    public void A_secret_is_shown_nowhere()
    {
        var settings = Load(
            """{ "instances": { "opencode@main": { "harness": "opencode", "url": "http://h:1", "password": "env:PASSWORD" } } }""",
            ("PASSWORD", "marked-secret"));

        Assert.DoesNotContain("marked-secret", settings.Instances[0].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("marked-secret", System.Text.Json.JsonSerializer.Serialize(settings.Instances[0], settings.Instances[0].GetType()), StringComparison.Ordinal);
        Assert.Equal("secret of env:PASSWORD", ((OpenCodeInstance)settings.Instances[0]).Password!.ToString());
    }

    [Fact]
    public void A_secret_is_read_from_a_file_beside_the_configuration()
    {
        _home.Write("password", "marked-secret\n");

        var settings = Load("""{ "instances": { "opencode@main": { "harness": "opencode", "url": "http://h:1", "password": "file:password" } } }""");

        Assert.Equal("marked-secret", ((OpenCodeInstance)settings.Instances[0]).Password!.Reveal());
    }

    [Fact]
    public void The_environment_outweighs_the_file_and_flags_outweigh_both()
    {
        var settings = Load(
            """{ "url": "http://127.0.0.1:1", "limits": { "depth": 1, "goneMisses": 1 }, "lanes": { "a/b": 1 } }""",
            [new SettingOverride(["url"], "http://127.0.0.1:3", "--url")],
            ("ROUSE__url", "http://127.0.0.1:2"), ("ROUSE__LIMITS__DEPTH", "2"), ("ROUSE__lanes__a/b", "7"), ("ROUSE__lanes__x__y", "8"),
            ("ROUSE_TOKEN", "not configuration"));

        Assert.Equal(3, settings.Url.Endpoint.Port);
        Assert.Equal(2, settings.Engine.Rules.Depth);
        Assert.Equal(1, settings.Engine.Rules.GoneMisses);
        Assert.Equal(7, settings.Engine.Lanes.LimitOf("a/b"));
        Assert.Equal(8, settings.Engine.Lanes.LimitOf("x__y"));
    }

    [Fact]
    public void The_environment_reaches_into_instances_and_gives_lists_and_sections()
    {
        var settings = Load(
            """{ "instances": { "opencode@main": { "harness": "opencode", "url": "http://h:1" } } }""",
            [],
            ("ROUSE__instances__opencode@main__url", "http://h:2"), ("ROUSE__instances__chat@x__harness", "chat"),
            ("ROUSE__instances__chat@x__models", """{ "scripted": {} }"""), ("ROUSE__access__hosts", "a.example, b.example"),
            ("ROUSE__access__origins", """["https://a.example"]"""));

        Assert.Equal(["chat@x", "opencode@main"], settings.Instances.Select(i => i.Name));
        Assert.Equal(new Uri("http://h:2"), ((OpenCodeInstance)settings.Instances[1]).Url);
        Assert.Equal(["a.example", "b.example"], settings.Access.Hosts);
        Assert.Equal(["https://a.example"], settings.Access.Origins);
    }

    [Fact]
    public void The_file_in_the_data_directory_comes_before_the_one_in_the_working_directory()
    {
        _home.Write("cwd/rouse.json", """{ "limits": { "depth": 7 } }""");
        Assert.Equal(7, RouseSettings.Load(Sources("cwd")).Engine.Rules.Depth);

        _home.Write("data/rouse.json", """{ "limits": { "depth": 8 } }""");
        var sources = Sources("cwd") with { Overrides = [new SettingOverride(["data"], Path.Combine(_home.Path, "data"), "--data")] };
        Assert.Equal(8, RouseSettings.Load(sources).Engine.Rules.Depth);

        var named = _home.Write("named.json", """{ "limits": { "depth": 9 } }""");
        Assert.Equal(9, RouseSettings.Load(sources with { ConfigFile = named }).Engine.Rules.Depth);
    }

    [Theory]
    [InlineData("""{ "limit": {} }""", "limit")]
    [InlineData("""{ "limits": { "dept": 3 } }""", "limits.dept")]
    [InlineData("""{ "Limits": {} }""", "Limits")]
    [InlineData("""{ "limits": 3 }""", "limits")]
    [InlineData("""{ "limits": { "depth": "3" } }""", "limits.depth")]
    [InlineData("""{ "limits": { "depth": 0 } }""", "limits.depth")]
    [InlineData("""{ "limits": { "depth": 1.5 } }""", "limits.depth")]
    [InlineData("""{ "limits": { "depth": null } }""", "limits.depth")]
    [InlineData("""{ "limits": { "depth": 3, "depth": 4 } }""", "limits.depth")]
    [InlineData("""{ "limits": { "stallAfter": "30" } }""", "limits.stallAfter")]
    [InlineData("""{ "limits": { "stallAfter": 30 } }""", "limits.stallAfter")]
    [InlineData("""{ "limits": { "stallAfter": "-1s" } }""", "limits.stallAfter")]
    [InlineData("""{ "engine": { "lookAgain": "0s" } }""", "engine.lookAgain")]
    [InlineData("""{ "lanes": { "anthropic/x": -1 } }""", "lanes.anthropic/x")]
    [InlineData("""{ "lanes": { "anthropic/x": "many" } }""", "lanes.anthropic/x")]
    [InlineData("""{ "routing": { "live": "yes" } }""", "routing.live")]
    [InlineData("""{ "routing": { "live": false } }""", "routing.live")]
    [InlineData("""{ "data": 5 }""", "data")]
    [InlineData("""{ "data": "" }""", "data")]
    [InlineData("""{ "url": "127.0.0.1:7410" }""", "url")]
    [InlineData("""{ "url": "https://127.0.0.1:7410" }""", "url")]
    [InlineData("""{ "url": "http://127.0.0.1:7410/v1" }""", "url")]
    [InlineData("""{ "url": "http://example.org:7410" }""", "url")]
    [InlineData("""{ "url": "http://0.0.0.0:7410" }""", "url")]
    [InlineData("""{ "url": "http://[::]:7410" }""", "url")]
    [InlineData("""{ "access": { "insecure": 1 } }""", "access.insecure")]
    [InlineData("""{ "access": { "hosts": "a" } }""", "access.hosts")]
    [InlineData("""{ "access": { "hosts": ["a:1"] } }""", "access.hosts[0]")]
    [InlineData("""{ "access": { "origins": ["a.example"] } }""", "access.origins[0]")]
    [InlineData("""{ "access": { "origins": ["https://a.example/"] } }""", "access.origins[0]")]
    [InlineData("""{ "instances": [] }""", "instances")]
    [InlineData("""{ "instances": { "x": {} } }""", "instances.x.harness")]
    [InlineData("""{ "instances": { "x": { "harness": "codex" } } }""", "instances.x.harness")]
    [InlineData("""{ "instances": { "x": { "harness": 5 } } }""", "instances.x.harness")]
    [InlineData("""{ "instances": { "X y": { "harness": "opencode", "url": "http://h:1" } } }""", "instances.X y")]
    [InlineData("""{ "instances": { "x": { "harness": "opencode" } } }""", "instances.x")]
    [InlineData("""{ "instances": { "x": { "harness": "opencode", "url": "h:1" } } }""", "instances.x.url")]
    [InlineData("""{ "instances": { "x": { "harness": "opencode", "url": "http://u:marked-secret@h:1" } } }""", "instances.x.url")]
    [InlineData("""{ "instances": { "x": { "harness": "opencode", "url": "http://h:1", "pasword": "env:A" } } }""", "instances.x.pasword")]
    [InlineData("""{ "instances": { "x": { "harness": "opencode", "url": "http://h:1", "password": "marked-secret" } } }""", "instances.x.password")]
    [InlineData("""{ "instances": { "x": { "harness": "opencode", "url": "http://h:1", "password": "env:UNSET" } } }""", "instances.x.password")]
    [InlineData("""{ "instances": { "x": { "harness": "opencode", "url": "http://h:1", "password": "file:/no/such/file" } } }""", "instances.x.password")]
    [InlineData("""{ "instances": { "x": { "harness": "opencode", "url": "http://h:1", "environment": ["A"] } } }""", "instances.x.environment")]
    [InlineData("""{ "instances": { "x": { "harness": "opencode", "command": "opencode" } } }""", "instances.x.directory")]
    [InlineData("""{ "instances": { "x": { "harness": "opencode", "command": "opencode", "directory": "/no/such" } } }""", "instances.x.directory")]
    [InlineData("""{ "instances": { "x": { "harness": "chat" } } }""", "instances.x.models")]
    [InlineData("""{ "instances": { "x": { "harness": "chat", "models": { "m": { "colour": 1 } } } } }""", "instances.x.models.m.colour")]
    [InlineData("""{ "instances": { "x": { "harness": "chat", "models": { "m": { "script": "/no/such" } } } } }""", "instances.x.models.m.script")]
    [InlineData("""{ "instances": { "x": { "harness": "chat", "models": { "m": {} }, "agents": { "a": { "model": "n" } } } } }""", "instances.x.agents.a.model")]
    [InlineData("""{ "instances": { "x": { "harness": "chat", "models": { "m": {} }, "defaultAgent": "b" } } }""", "instances.x.defaultAgent")]
    [InlineData("{", "")]
    [InlineData("[]", "")]
    [InlineData("""{ "data": "\ud800" }""", "")]
    public void A_wrong_value_is_refused_with_its_path(string json, string path)
    {
        var refusal = Assert.Throws<ConfigurationException>(() => Load(json));

        var problem = Assert.Single(refusal.Problems);
        Assert.Equal(path, problem.Path);
        Assert.Equal(Path.Combine(_home.Path, "rouse.json"), problem.Source);
        Assert.DoesNotContain("marked-secret", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once_with_where_it_came_from()
    {
        var refusal = Assert.Throws<ConfigurationException>(() => Load(
            """{ "limits": { "depth": 0, "dept": 1 }, "instances": { "x": { "harness": "codex" } } }""",
            [new SettingOverride(["url"], "here", "--url")], ("ROUSE__limits__goneMisses", "none"), ("ROUSE__colour", "red")));

        Assert.Equal(
            ["colour", "instances.x.harness", "limits.dept", "limits.depth", "limits.goneMisses", "url"], refusal.Problems.Select(p => p.Path).Order(StringComparer.Ordinal));
        Assert.Equal("--url", refusal.Problems.Single(p => p.Path == "url").Source);
        Assert.Equal("environment variable ROUSE__limits__goneMisses", refusal.Problems.Single(p => p.Path == "limits.goneMisses").Source);
        Assert.Contains("chat, opencode", refusal.Problems.Single(p => p.Path == "instances.x.harness").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_others_can_reach_needs_a_permission()
    {
        var settings = Load("""{ "url": "http://0.0.0.0:7410", "access": { "insecure": true } }""");

        Assert.Equal(IPAddress.Any, settings.Url.Endpoint.Address);
    }

    [Fact]
    public void A_file_that_is_named_must_exist()
    {
        var refusal = Assert.Throws<ConfigurationException>(() => RouseSettings.Load(Sources("") with { ConfigFile = "none.json" }));

        Assert.Equal(Path.Combine(_home.Path, "none.json"), Assert.Single(refusal.Problems).Source);
    }

    private RouseSettings Load(string? json, params (string Name, string Value)[] environment) => Load(json, [], environment);

    private RouseSettings Load(string? json, ImmutableArray<SettingOverride> overrides, params (string Name, string Value)[] environment)
    {
        if (json is not null)
        {
            _home.Write("rouse.json", json);
        }

        return RouseSettings.Load(Sources("") with
        {
            Environment = environment.ToImmutableDictionary(e => e.Name, e => e.Value, StringComparer.Ordinal),
            Overrides = overrides,
        });
    }

    private SettingsSources Sources(string directory) => new() { HomeDirectory = _home.Path, WorkingDirectory = Path.Combine(_home.Path, directory) };
}
