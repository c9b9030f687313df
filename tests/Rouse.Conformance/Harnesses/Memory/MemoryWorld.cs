using Microsoft.Extensions.Logging;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses.Memory;

/// <summary>The world of a poor adapter, as far as the proofs of a grade ask for it.</summary>
internal sealed class MemoryWorld(Poverty poverty, DeliveryGrade claimed = DeliveryGrade.ExactlyOnce) : HarnessWorld
{
    private readonly MemoryAgents _agents = new();
    private IHarness? _harness;

    public override IHarness Harness => _harness ??= Reopen();

    public override bool OwnsProcess => false;

    public override string UnknownSession => "memory-0";

    public override IHarness Reopen() => new MemoryHarness(_agents, poverty, claimed);

    public override BrokenHarness Break(BrokenCall call, Breakage how)
    {
        var fault = new MemoryFault(call, how);
        return new BrokenHarness(new MemoryHarness(_agents, poverty, claimed, fault), fault);
    }

    public override NewSession NewSession(string key) => new() { Key = key, Title = "Grading", Agent = "worker" };

    public override string Says(string answer) => answer;

    public override Task<int> TimesStoredAsync(Address session, string text, CancellationToken cancellationToken) =>
        Task.FromResult(_agents.Read(session.Id)!.Value.Count(m => m.Origin == MessageOrigin.Rouse && m.Text == text));

    public override int TimesAsked(string text) => _agents.TimesAsked(text);

    /// <summary>What is stored outlives it.</summary>
    public override Task KillAsync() => Task.CompletedTask;

    public override Task StartAgainAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override GappyHarness OpenGappy() => throw NotAsked();

    public override IHarness OpenWith(string secret, ILoggerFactory logs) => throw NotAsked();

    public override string Works(string gate) => throw NotAsked();

    public override string RunsTool() => throw NotAsked();

    public override string FailsAs(string words) => throw NotAsked();

    public override Task WorksAsync(string gate, CancellationToken cancellationToken) => throw NotAsked();

    public override void Finish(string gate) => throw NotAsked();

    public override Task StoreOnlyAsync(Address session, Prompt prompt, CancellationToken cancellationToken) => throw NotAsked();

    private static NotSupportedException NotAsked() => new("No proof of a grade asks for this.");
}
