using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation.Scenarios;

/// <summary>
/// Field: depth or quota is walked around by a second mechanism (codex #30692: a fork passes max_depth=1).
/// Rouse: limits count the real lineage on every path.
/// </summary>
[Scenario(19)]
public sealed class W19
{
    [Fact] // LIM-1
    public void A_delegation_that_is_too_deep_is_refused_with_the_limit_and_advice() => Scene.Play(
        async scene =>
        {
            scene.When("work on", turn => turn.WorkAsync(36_000));
            var at = scene.Session;
            for (var depth = 1; depth <= 3; depth++)
            {
                await scene.World.DelegateAsync(at, "work on");
                await scene.World.UntilAsync(() => scene.Harness.Children.Count(c => c.Working) == depth, "the child works");
                at = await scene.World.IdOfAsync(scene.Harness.Children.Last());
            }

            scene.World.Node.Kill();
            await scene.World.WaitAsync(2);
            var refused = await TooDeepAsync(scene, at);
            Assert.Contains("Continue an existing task", refused.Detail, StringComparison.Ordinal);
            Assert.Equal(3, scene.Harness.Children.Count());
        },
        w => w.Options = w.Options with { SnapshotEvery = 5 });

    [Fact] // LIM-4
    public void Sessions_that_the_harness_opens_below_a_child_count_towards_its_depth() => Scene.Play(async scene =>
    {
        scene.When("work on", turn => turn.WorkAsync(36_000));
        await scene.World.DelegateAsync(scene.Session, "work on");
        await scene.World.UntilAsync(() => scene.Harness.Children.Any(c => c.Working), "the child works");
        var child = await scene.World.IdOfAsync(scene.Harness.Children.Single());
        var native = await OpenBelowAsync(scene, "native", child);
        var fork = await OpenBelowAsync(scene, "fork", native);
        if (scene.Random.Next(2) == 0)
        {
            await scene.World.RestartAsync();
        }

        await TooDeepAsync(scene, fork);
        var accepted = await scene.World.DelegateAsync(native, "work 10");
        await scene.World.UntilAsync(accepted.Id, AgentTaskStatus.Completed);
        await TooDeepAsync(scene, await scene.World.IdOfAsync(await scene.ChildAsync(accepted)), "task-settled");
    });

    [Fact] // LIM-4, LIM-3
    public void What_natively_opened_sessions_delegate_takes_the_places_of_their_crew() => Scene.Play(
        async scene =>
        {
            var sessions = new[] { scene.Session, await OpenBelowAsync(scene, "native", scene.Session), await OpenBelowAsync(scene, "fork", scene.Session) };
            var (accepted, refused) = (0, 0);
            await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
            {
                try
                {
                    await scene.World.DelegateAsync(sessions[i % 3], "work 3600");
                    accepted++;
                }
                catch (RefusedException error)
                {
                    Assert.Equal((RefusalKind.Limit, "openDescendants", 10L), (error.Refusal.Kind, error.Refusal.Limit!, error.Refusal.LimitValue!.Value));
                    refused++;
                }
            }));
            Assert.Equal((10, 30), (accepted, refused));
        },
        w => w.Options = w.Options with { Rules = Rules.Default with { OpenDescendants = 10 } });

    [Fact] // LIM-2
    public void A_lineage_that_is_not_known_or_that_would_be_changed_is_refused_and_stores_nothing() => Scene.Play(async scene =>
    {
        var native = await OpenBelowAsync(scene, "native", scene.Session);
        var other = await scene.World.RegisterAsync(scene.Harness.Open("other"));
        var before = scene.World.Journal.Events.Count();
        var unknown = await Assert.ThrowsAsync<RefusedException>(() => OpenBelowAsync(scene, "orphan", new SessionId(scene.Session.Crew, 4711)));
        Assert.Equal("unknown-parent", unknown.Refusal.Type);
        foreach (var parent in new[] { other, native })
        {
            var moved = await Assert.ThrowsAsync<RefusedException>(() => OpenBelowAsync(scene, "native", parent));
            Assert.Equal("session-has-parent", moved.Refusal.Type);
        }

        var nobody = await Assert.ThrowsAsync<RefusedException>(() => scene.World.DelegateAsync(new SessionId(scene.Session.Crew, 4711)));
        Assert.Equal("unknown-session", nobody.Refusal.Type);
        Assert.Equal(before, scene.World.Journal.Events.Count());
    });

    private static async Task<Refusal> TooDeepAsync(Scene scene, SessionId from, string type = "depth-limit")
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(() => scene.World.DelegateAsync(from));
        Assert.Equal(type, refused.Refusal.Type);
        Assert.Contains(from.ToString(), refused.Message, StringComparison.Ordinal);
        Assert.Equal(type == "depth-limit" ? 3L : null, refused.Refusal.LimitValue);
        return refused.Refusal;
    }

    /// <summary>The harness opens a session below another one by itself, and it is made known.</summary>
    private static async Task<SessionId> OpenBelowAsync(Scene scene, string id, SessionId parent)
    {
        var opened = scene.Harness.Sessions.FirstOrDefault(s => s.Address.Id == id) ?? scene.Harness.Open(id);
        var request = new SessionRequest { Address = opened.Address, Parent = parent };
        return (await scene.World.AskAsync(a => a.RegisterAsync(request, CancellationToken.None))).Session.Id;
    }
}
