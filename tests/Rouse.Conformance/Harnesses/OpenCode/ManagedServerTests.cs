using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Rouse.Core;
using Rouse.EndToEnd.OpenCode;
using Rouse.Engine;
using Rouse.Harnesses.OpenCode;
using Rouse.Harnesses.OpenCode.Server;
using Rouse.Harnesses.Processes;
using Rouse.ScriptedModel;
using HarnessOptions = Rouse.Harnesses.OpenCode.OpenCodeOptions;

namespace Rouse.Conformance.Harnesses.OpenCode;

/// <summary>A real OpenCode that Rouse starts, finds again and starts anew.</summary>
public sealed class ManagedServerTests : IAsyncDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("rouse-managed-");
    private ScriptedModelServer? _model;
    private OpenCodeHome? _home;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_is_started_and_found_again_by_the_next_Rouse_while_its_turn_runs_on()
    {
        var first = await OpenAsync();
        var session = await CreateAsync(first, "task_1");
        Assert.IsType<DeliverResult.Sent>(await first.DeliverAsync(session, new Prompt { Key = "task_1_r1a1", Text = "GATE:g\nSAY:done", IsWake = false }, Cancelled));
        await _model!.WaitAtGateAsync("g", cancellationToken: Cancelled);
        var before = (await RecordAsync())!;
        await first.DisposeAsync();

        await using var second = await OpenAsync(stop: true);
        Assert.Equal(Activity.Working, Assert.IsType<InspectResult.Seen>(await second.InspectAsync(session, Cancelled)).Inspection.Activity);
        _model.Open("g");
        await Eventually.HoldsAsync(
            async c => ((InspectResult.Seen)await second.InspectAsync(session, c)).Inspection,
            i => i.Activity == Activity.Idle && i.Messages[^1].Text == "done",
            cancellationToken: Cancelled);

        Assert.Equal(before, await RecordAsync());
        Assert.Equal(session, await CreateAsync(second, "task_1"));
    }

    [Fact]
    public async Task A_server_that_was_killed_is_started_again_and_knows_its_sessions()
    {
        await using var harness = await OpenAsync(stop: true);
        await using var watch = new SignalLog(harness);
        await watch.WaitAsync(s => s is HarnessSignal.Connected);
        var session = await CreateAsync(harness, "task_1");
        var before = (await RecordAsync())!;

        await ProcessTree.KillAsync(before.Process, TimeSpan.Zero, TimeProvider.System, Cancelled);
        await watch.WaitAsync(s => s is HarnessSignal.Disconnected);
        await watch.WaitAsync(s => s is HarnessSignal.Connected, skip: 1);

        Assert.IsType<InspectResult.Seen>(await harness.InspectAsync(session, Cancelled));
        Assert.NotEqual(before.Process, (await RecordAsync())!.Process);
    }

    [Fact]
    public async Task A_server_that_ends_with_Rouse_leaves_no_process()
    {
        var harness = await OpenAsync(stop: true);
        await CreateAsync(harness, "task_1");
        var members = ProcessTree.MembersOf((await RecordAsync())!.Process);

        await harness.DisposeAsync();

        Assert.DoesNotContain(members, m => m.IsAlive());
        Assert.Null(await RecordAsync());
    }

    [Fact]
    public async Task A_second_Rouse_on_the_same_data_is_told_so_and_starts_nothing()
    {
        await using var first = await OpenAsync(stop: true);
        await CreateAsync(first, "task_1");
        await using var second = await OpenAsync();

        var unreachable = Assert.IsType<CreateResult.Unreachable>(await second.CreateSessionAsync(NewSession("task_2"), Cancelled));

        Assert.Contains("Another Rouse", unreachable.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_was_cut_off_before_it_was_recorded_is_ended_first()
    {
        var harness = await OpenAsync();
        await CreateAsync(harness, "task_1");
        var orphan = (await RecordAsync())!.Process;
        await harness.DisposeAsync();
        File.Delete(Files.Record);

        await using var next = await OpenAsync(stop: true);
        await CreateAsync(next, "task_2");

        Assert.False(orphan.IsAlive());
    }

    [Fact]
    public async Task The_tools_of_a_server_that_died_end_before_the_next_one_starts()
    {
        await using var harness = await OpenAsync(stop: true);
        var session = await CreateAsync(harness, "task_1");
        await harness.DeliverAsync(
            session, new Prompt { Key = "task_1_r1a1", Text = """TOOL:bash:{"command":"sleep 600","description":"wait"}""", IsWake = false }, Cancelled);
        var server = (await RecordAsync())!.Process;
        var members = await Eventually.HoldsAsync(
            _ => Task.FromResult(ProcessTree.MembersOf(server)), m => m.Any(IsSleep), cancellationToken: Cancelled);
        var sleep = members.First(IsSleep);
        using (var process = System.Diagnostics.Process.GetProcessById(server.Id))
        {
            process.Kill();
        }

        await Eventually.HoldsAsync(
            async c => await harness.InspectAsync(session, c), r => r is InspectResult.Seen, cancellationToken: Cancelled);

        Assert.NotEqual(server, (await RecordAsync())!.Process);
        Assert.False(sleep.IsAlive());

        static bool IsSleep(ProcessIdentity p) => File.Exists($"/proc/{p.Id}/comm") && File.ReadAllText($"/proc/{p.Id}/comm") == "sleep\n";
    }

    [Fact]
    public async Task A_recorded_number_that_belongs_to_another_process_now_is_not_touched()
    {
        using var stranger = System.Diagnostics.Process.Start("sleep", "600");
        var real = ProcessIdentity.Of(stranger.Id)!;
        var files = Files;
        files.CreateDirectories();
        await new ServerRecord(real with { StartTicks = real.StartTicks - 1 }, new Uri("http://127.0.0.1:9"), "x").WriteAsync(files.Record, Cancelled);

        await using var harness = await OpenAsync(stop: true);
        await CreateAsync(harness, "task_1");

        Assert.True(real.IsAlive());
        stranger.Kill();
    }

    [Fact]
    public async Task Its_files_are_its_owner_s_alone_and_its_environment_is_what_was_named()
    {
        Environment.SetEnvironmentVariable("ROUSE_TEST_SECRET", "s3cret");
        Environment.SetEnvironmentVariable("ROUSE_TEST_PASSED", "passed");
        await using var harness = await OpenAsync(stop: true, pass: ["ROUSE_TEST_PASSED"]);
        await CreateAsync(harness, "task_1");
        var record = (await RecordAsync())!;

        foreach (var file in (string[])[Files.Record, Files.Lock, Files.Log])
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(file).UnixFileMode);
        }

        var environment = (await File.ReadAllTextAsync($"/proc/{record.Process.Id}/environ", Cancelled)).Split('\0');
        Assert.Contains("ROUSE_TEST_PASSED=passed", environment);
        Assert.Contains($"XDG_DATA_HOME={Files.Data}", environment);
        Assert.DoesNotContain(environment, e => e.Contains("s3cret", StringComparison.Ordinal));
        Assert.Equal(64, record.Password.Length);
    }

    [Fact]
    public async Task A_command_that_does_not_start_says_why_and_is_not_hammered()
    {
        await using var harness = await OpenAsync(command: "/no/such/opencode");

        var first = Assert.IsType<CreateResult.Unreachable>(await harness.CreateSessionAsync(NewSession("task_1"), Cancelled));
        var second = Assert.IsType<CreateResult.Unreachable>(await harness.CreateSessionAsync(NewSession("task_1"), Cancelled));

        Assert.Contains("/no/such/opencode", first.Reason, StringComparison.Ordinal);
        Assert.Contains("is started again in", second.Reason, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(Files.Root) && await ServerRecord.ReadAsync(Files.Record, CancellationToken.None) is { } left)
        {
            await ProcessTree.KillAsync(left.Process, ProcessTree.DefaultGrace, TimeProvider.System, CancellationToken.None);
        }

        if (_model is not null)
        {
            await _model.DisposeAsync();
        }

        _home?.Dispose();
        _root.Delete(recursive: true);
    }

    private ServerFiles Files => new(Path.Combine(_root.FullName, "opencode"));

    private async Task<IHarness> OpenAsync(bool stop = false, string? command = null, ImmutableArray<string> pass = default)
    {
        var binary = await OpenCodeInstall.RequireAsync(Cancelled);
        _model ??= await ScriptedModelServer.StartAsync(cancellationToken: Cancelled);
        _home ??= new OpenCodeHome(_model.BaseUrl);

        // The data is the managed server's own; the configuration is the one that the rig wrote.
        var environment = _home.Environment
            .Where(e => e.Key.StartsWith("OPENCODE_", StringComparison.Ordinal) || e.Key is "HOME" or "XDG_CONFIG_HOME" or "npm_config_registry")
            .ToImmutableSortedDictionary(StringComparer.Ordinal);
        var server = new ManagedServerOptions
        {
            Command = command ?? binary,
            Directory = _home.Project,
            DataDirectory = Files.Root,
            Environment = environment,
            PassEnvironment = pass.IsDefault ? [] : pass,
            StopServerOnDispose = stop,
        };
        return new OpenCodeHarness(new HarnessOptions { Instance = "opencode@own", Server = server }, TimeProvider.System, NullLogger.Instance);
    }

    private async ValueTask<ServerRecord?> RecordAsync() => await ServerRecord.ReadAsync(Files.Record, Cancelled);

    private static async Task<Address> CreateAsync(IHarness harness, string key)
    {
        var created = await harness.CreateSessionAsync(NewSession(key), Cancelled);
        return created is CreateResult.Created { Address: var address } ? address : throw new InvalidOperationException($"Not created: {created}");
    }

    private static NewSession NewSession(string key) => new() { Key = key, Title = "managed", Agent = "build" };
}
