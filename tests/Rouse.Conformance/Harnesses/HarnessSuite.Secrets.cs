using Rouse.Conformance.Harnesses.Grades;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses;

public abstract partial class HarnessSuite
{
    [Fact]
    [Proves(Guarantee.KeepsSecrets)]
    public Task A_secret_is_in_no_result_no_signal_and_no_log() => CheckAsync(async world =>
    {
        const string Secret = "sk-marked-7f3a9c51e2d84b60";
        using var logs = new LogLines();
        await using var harness = world.OpenWith(Secret, logs);
        await using var watch = new SignalLog(harness);
        await watch.WaitAsync(s => s is HarnessSignal.Connected);
        var said = new List<object>();
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var prompt = NewPrompt(world.FailsAs($"Incorrect API key provided: {Secret}"));

        said.Add(await harness.DeliverAsync(session, prompt, Cancelled));
        await world.AnsweredAsync(session, harness);
        await watch.WaitAsync(s => s is HarnessSignal.Changed or HarnessSignal.Failed);
        var seen = Assert.IsType<InspectResult.Seen>(await harness.InspectAsync(session, Cancelled)).Inspection;
        said.AddRange(seen.Messages.Where(m => m.Origin == MessageOrigin.Agent));
        said.Add($"{seen.Retrying} {seen.OpenQuestion}");
        said.Add(await harness.FindDeliveryAsync(session, prompt.Key, Cancelled));
        said.Add(await harness.CreateSessionAsync(world.NewSession(NewKey()) with { Agent = "no-such-agent" }, Cancelled));
        said.Add(await harness.DeliverAsync(world.Unknown(), prompt, Cancelled));
        said.Add(await harness.AbortAsync(session, Cancelled));
        said.Add(harness.Grade);
        said.AddRange(watch.Heard);
        said.AddRange(logs.Lines);

        Assert.Contains(seen.Messages, m => m.Error is not null);
        Assert.All(said, s => Assert.DoesNotContain(Secret, $"{s}", StringComparison.Ordinal));
        Assert.All(said, s => Assert.DoesNotContain("7f3a9c51", $"{s}", StringComparison.Ordinal));
    });
}
