using System.Collections.Immutable;
using Microsoft.Extensions.AI;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.Chat;

namespace Rouse.Conformance.Harnesses.Chat;

public sealed class ChatSessionTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task The_same_key_is_the_same_session_also_after_a_restart()
    {
        await using var rig = new ChatRig();
        var first = await ChatRig.CreateAsync(rig.Make(), ChatRig.NewSession());
        rig.Change = o => o with { Agents = o.Agents.Remove("worker").SetItem("other", new ChatAgent()), DefaultAgent = "other" };

        Assert.Equal(first, await ChatRig.CreateAsync(rig.Make(), ChatRig.NewSession()));
        Assert.Equal(1, rig.Transcripts.Writes);
    }

    [Fact]
    public async Task An_agent_model_or_variant_that_does_not_exist_is_refused_with_what_there_is()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();

        var agent = Assert.IsType<CreateResult.Refused>(await harness.CreateSessionAsync(ChatRig.NewSession(agent: "nobody"), None)).Error;
        var model = Assert.IsType<CreateResult.Refused>(await harness.CreateSessionAsync(ChatRig.NewSession() with { Model = "x/y" }, None)).Error;
        var variant = Assert.IsType<CreateResult.Refused>(await harness.CreateSessionAsync(ChatRig.NewSession() with { Variant = "high" }, None)).Error;

        Assert.Contains("held, lead, worker", agent.Message, StringComparison.Ordinal);
        Assert.Contains("demo/held, demo/scripted", model.Message, StringComparison.Ordinal);
        Assert.Equal(("unknown-agent", "unknown-model", "unknown-variant"), (agent.Reason, model.Reason, variant.Reason));
        Assert.Equal(0, rig.Transcripts.Writes);
    }

    /// <summary>DEL-7.</summary>
    [Fact]
    public async Task A_child_is_in_its_parents_directory_unless_it_is_given_one()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var parent = await ChatRig.CreateAsync(harness, ChatRig.NewSession() with { Directory = "/parent" });

        Assert.Equal("/parent", await DirectoryAsync(ChatRig.NewSession("k2") with { Parent = parent }));
        Assert.Equal("/own", await DirectoryAsync(ChatRig.NewSession("k3") with { Parent = parent, Directory = "/own" }));
        Assert.Equal("/work", await DirectoryAsync(ChatRig.NewSession("k4")));

        async Task<string?> DirectoryAsync(NewSession session) =>
            Assert.IsType<CreateResult.Created>(await harness.CreateSessionAsync(session, None)).Directory;
    }

    [Fact]
    public async Task A_root_session_is_opened_once_and_refused_without_a_known_agent()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();

        Assert.Equal(new Address(ChatRig.Instance, "root"), await harness.OpenSessionAsync("root", "lead", null, None));
        Assert.Equal(new Address(ChatRig.Instance, "root"), await harness.OpenSessionAsync("root", "lead", null, None));
        Assert.NotEqual(await harness.OpenSessionAsync(null, null, null, None), await harness.OpenSessionAsync(null, null, null, None));
        var refused = await Assert.ThrowsAsync<RefusedException>(() => harness.OpenSessionAsync("x", "nobody", null, None));
        Assert.Equal(("unknown-agent", "agent"), (refused.Refusal.Type, refused.Refusal.Path));
        Assert.Equal("model", (await Assert.ThrowsAsync<RefusedException>(() => harness.OpenSessionAsync("x", "lead", "no/model", None))).Refusal.Path);
    }

    [Fact]
    public async Task A_deleted_session_has_its_turn_stopped_and_is_missing()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession(agent: "held"));
        await harness.DeliverAsync(session, ChatRig.Prompt("go"), None);
        await rig.Held.NextAsync();

        Assert.True(await harness.DeleteSessionAsync(session.Id, None));

        Assert.False(await harness.DeleteSessionAsync(session.Id, None));
        Assert.IsType<InspectResult.Missing>(await harness.InspectAsync(session, None));
        Assert.IsType<DeliverResult.Gone>(await harness.DeliverAsync(session, ChatRig.Prompt("go"), None));
    }

    [Fact]
    public async Task Rules_and_switches_take_tools_away_and_never_add_any()
    {
        await using var rig = new ChatRig { Tools = [.. "abcdef".Select(c => AIFunctionFactory.Create(() => "", c.ToString()))] };
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession(agent: "held") with
        {
            Permissions = [new("b", "*", "deny"), new("c", "*.md", "deny"), new("d", "*", "ask"), new("e", "*", "deny"), new("e", "*", "allow"), new("g", "*", "allow")],
            Tools = ImmutableSortedDictionary<string, bool>.Empty.Add("f", false).Add("b", true).Add("g", true),
        });
        await harness.DeliverAsync(session, ChatRig.Prompt("go"), None);
        var call = await rig.Held.NextAsync();

        Assert.Equal(["a", "e"], call.Options.Tools!.Select(t => t.Name));

        call.CallTool("b");
        var next = await rig.Held.NextAsync();
        Assert.Equal("There is no tool 'b' here; there are: a, e.", Assert.IsType<FunctionResultContent>(Assert.Single(next.Messages[^1].Contents)).Result);
        next.Say("done");
    }

    [Theory]
    [InlineData("agents.worker.model")]
    [InlineData("defaultAgent")]
    [InlineData("maxToolSteps")]
    [InlineData("modelDeadline")]
    [InlineData("agents.lead.tools")]
    public void An_option_that_cannot_be_used_is_refused_with_its_path(string path)
    {
        var rig = new ChatRig();
        rig.Change = o => path switch
        {
            "agents.worker.model" => o with { Agents = o.Agents.SetItem("worker", new ChatAgent { Model = "x" }) },
            "defaultAgent" => o with { DefaultAgent = "x" },
            "maxToolSteps" => o with { MaxToolSteps = 0 },
            "modelDeadline" => o with { ModelDeadline = TimeSpan.Zero },
            _ => o with { Agents = o.Agents.SetItem("lead", new ChatAgent { MayDelegate = true, Tools = [AIFunctionFactory.Create(() => "", "task_list")] }) },
        };

        Assert.Contains($"'{path}'", Assert.Throws<ArgumentException>(() => rig.Make()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_grade_says_what_it_guarantees()
    {
        await using var rig = new ChatRig();

        var grade = rig.Make().Grade;
        rig.Change = o => o with { Models = o.Models.SetItem("demo/held", new ChatModel(rig.Held) { ReportsUsage = false }) };

        Assert.Equal((DeliveryGrade.ExactlyOnce, "in-process", true, true), (grade.Delivery, grade.Route, grade.AccountsUsage, grade.CanWake));
        Assert.False(rig.Make().Grade.AccountsUsage);
    }
}
