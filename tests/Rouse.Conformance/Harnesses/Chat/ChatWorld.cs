using System.Collections.Immutable;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.Chat;
using Rouse.Harnesses.Chat.Conversations;

namespace Rouse.Conformance.Harnesses.Chat;

/// <summary>The chat harness over transcripts on disk. It is its own process: a kill takes it with it, and a start makes a new one.</summary>
internal sealed class ChatWorld(ITranscripts transcripts) : HarnessWorld
{
    private readonly WorldModel _model = new();
    private ChatHarness? _harness;

    public override IHarness Harness => _harness ??= Make(transcripts);

    /// <summary>It lives in this one.</summary>
    public override bool OwnsProcess => false;

    public override string UnknownSession => "chat-000000000000000000000000";

    public override IHarness Reopen() => Make(transcripts);

    public override BrokenHarness Break(BrokenCall call, Breakage how)
    {
        var faulty = new FaultyTranscripts(transcripts, call, how);
        return new BrokenHarness(Make(faulty, o => o with { StoreDeadline = TimeSpan.FromSeconds(1), StopDeadline = TimeSpan.FromSeconds(2) }), faulty);
    }

    /// <summary>Nobody can cut a connection that there is not; but who does not read misses what no longer fits.</summary>
    public override GappyHarness OpenGappy()
    {
        var harness = Make(new MemoryTranscripts());
        return new GappyHarness(harness, MissAsync, losesConnection: false);

        async Task MissAsync()
        {
            for (var i = 0; i < 4200; i++)
            {
                var session = await harness.OpenSessionAsync($"gap{i}", agent: null, model: null, CancellationToken.None);
                await harness.DeleteSessionAsync(session.Id, CancellationToken.None);
            }
        }
    }

    /// <summary>It takes no secret: models have theirs in their clients, and say it in their errors.</summary>
    public override IHarness OpenWith(string secret, ILoggerFactory logs) => Make(transcripts, logs: logs);

    public override NewSession NewSession(string key) => new() { Key = key, Title = "Conformance", Agent = "worker" };

    public override string Says(string answer) => "SAY:" + answer;

    public override string Works(string gate) => WorldModel.Waits(gate);

    public override string RunsTool() => "TOOL:wait";

    public override string FailsAs(string words) => $"ERR:401:{words}";

    public override Task WorksAsync(string gate, CancellationToken cancellationToken) => _model.ReachedAsync(gate);

    public override void Finish(string gate) => _model.Open(gate);

    public override int TimesAsked(string text) => _model.TimesAsked(text);

    public override async Task<int> TimesStoredAsync(Address session, string text, CancellationToken cancellationToken) =>
        (await transcripts.MessagesAsync(session, after: 0, cancellationToken))
            .Count(m => ConversationCodec.DecodeEntry(m.Data) is ChatEntry.Said said && said.Text == text);

    public override async Task StoreOnlyAsync(Address session, Prompt prompt, CancellationToken cancellationToken)
    {
        // A life that ends with the write of the prompt.
        var crashing = new CrashingTranscripts(transcripts, atWrite: 1, before: false);
        _ = Make(crashing).DeliverAsync(session, prompt, CancellationToken.None).AsTask();
        await crashing.Crashed.WaitAsync(cancellationToken);
    }

    public override async Task KillAsync()
    {
        await Harness.DisposeAsync();
        _harness = null;
    }

    public override Task StartAgainAsync(CancellationToken cancellationToken) => ((ChatHarness)Harness).StartAsync(cancellationToken);

    private ChatHarness Make(ITranscripts over, Func<ChatHarnessOptions, ChatHarnessOptions>? configure = null, ILoggerFactory? logs = null)
    {
        var options = new ChatHarnessOptions
        {
            Instance = ChatRig.Instance,
            Directory = "/work",
            Agents = ImmutableSortedDictionary<string, ChatAgent>.Empty.Add("worker", new ChatAgent
            {
                Tools = [AIFunctionFactory.Create((CancellationToken cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken), "wait")],
            }),
            Models = ImmutableSortedDictionary<string, ChatModel>.Empty.Add("fake/scripted", new ChatModel(_model)),
        };
        return new ChatHarness(
            configure?.Invoke(options) ?? options, over, () => throw new InvalidOperationException("Nobody delegates here."),
            TimeProvider.System, logs ?? NullLoggerFactory.Instance);
    }
}
