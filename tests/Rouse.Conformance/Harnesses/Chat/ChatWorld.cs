using System.Collections.Immutable;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.Chat;

namespace Rouse.Conformance.Harnesses.Chat;

/// <summary>The chat harness over transcripts on disk. It is its own process: a kill takes it with it, and a start makes a new one.</summary>
internal sealed class ChatWorld(ITranscripts transcripts) : HarnessWorld
{
    private readonly WorldModel _model = new();
    private ChatHarness? _harness;

    public override IHarness Harness => _harness ??= Make(transcripts);

    public override string UnknownSession => "chat-000000000000000000000000";

    public override IHarness Reopen() => Make(transcripts);

    public override NewSession NewSession(string key) => new() { Key = key, Title = "Conformance", Agent = "worker" };

    public override string Says(string answer) => "SAY:" + answer;

    public override string Works(string gate) => WorldModel.Waits(gate);

    public override string RunsTool() => "TOOL:wait";

    public override Task WorksAsync(string gate, CancellationToken cancellationToken) => _model.ReachedAsync(gate);

    public override void Finish(string gate) => _model.Open(gate);

    public override int TimesAsked(string text) => _model.TimesAsked(text);

    public override async Task<bool> StoreOnlyAsync(Address session, Prompt prompt, CancellationToken cancellationToken)
    {
        // A life that ends with the write of the prompt.
        var crashing = new CrashingTranscripts(transcripts, atWrite: 1, before: false);
        _ = Make(crashing).DeliverAsync(session, prompt, CancellationToken.None).AsTask();
        await crashing.Crashed.WaitAsync(cancellationToken);
        return true;
    }

    public override async Task KillAsync()
    {
        await Harness.DisposeAsync();
        _harness = null;
    }

    public override Task StartAgainAsync(CancellationToken cancellationToken) => ((ChatHarness)Harness).StartAsync(cancellationToken);

    private ChatHarness Make(ITranscripts over) => new(
        new ChatHarnessOptions
        {
            Instance = ChatRig.Instance,
            Directory = "/work",
            Agents = ImmutableSortedDictionary<string, ChatAgent>.Empty.Add("worker", new ChatAgent
            {
                Tools = [AIFunctionFactory.Create((CancellationToken cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken), "wait")],
            }),
            Models = ImmutableSortedDictionary<string, ChatModel>.Empty.Add("fake/scripted", new ChatModel(_model)),
        },
        over, () => throw new InvalidOperationException("Nobody delegates here."), TimeProvider.System, NullLoggerFactory.Instance);
}
