using System.Collections.Immutable;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.Chat;
using Rouse.Harnesses.Chat.Scripted;

namespace Rouse.Conformance.Harnesses.Chat;

/// <summary>One instance with everything around it. Harnesses come and go over the same transcripts, as processes do.</summary>
internal sealed class ChatRig(ITranscripts? stored = null) : IAsyncDisposable
{
    public const string Instance = "chat@test";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly List<ChatHarness> _harnesses = [];

    /// <summary>Where conversations are stored, unless the test brought a store.</summary>
    public MemoryTranscripts Transcripts { get; } = new();

    public ManualTime Time { get; } = new();

    public FakeAgents Engine { get; } = new();

    public HeldModel Held { get; } = new();

    /// <summary>Tools of the agent <c>worker</c>.</summary>
    public ImmutableArray<AIFunction> Tools { get; set; } = [];

    public Dictionary<string, string> Scripts { get; } = new(StringComparer.Ordinal);

    public Func<ChatHarnessOptions, ChatHarnessOptions> Change { get; set; } = o => o;

    /// <summary>A harness as a started process has it: <c>worker</c> and <c>lead</c> run scripts, <c>held</c> waits for the test.</summary>
    /// <param name="transcripts">Given: the harness dies with them and is never disposed.</param>
    public ChatHarness Make(ITranscripts? transcripts = null)
    {
        var options = new ChatHarnessOptions
        {
            Instance = Instance,
            Directory = "/work",
            DefaultAgent = "worker",
            DefaultModel = "demo/scripted",
            Agents = new Dictionary<string, ChatAgent>(StringComparer.Ordinal)
            {
                ["worker"] = new() { Instructions = "You work.", Tools = Tools },
                ["lead"] = new() { MayDelegate = true },
                ["held"] = new() { Model = "demo/held", Tools = Tools },
            }.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Models = new Dictionary<string, ChatModel>(StringComparer.Ordinal)
            {
                ["demo/scripted"] = new(new ScriptedChatClient(Time, agents: Scripts)),
                ["demo/held"] = new(Held),
            }.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
        var harness = new ChatHarness(Change(options), transcripts ?? stored ?? Transcripts, () => Engine, Time, NullLoggerFactory.Instance);
        if (transcripts is null)
        {
            _harnesses.Add(harness);
        }

        return harness;
    }

    public static NewSession NewSession(string key = "key1", string agent = "worker") => new() { Key = key, Title = "Test", Agent = agent };

    public static Prompt Prompt(string text, string key = "p1", bool isWake = false) => new() { Key = key, Text = text, IsWake = isWake };

    public static async Task<Address> CreateAsync(ChatHarness harness, NewSession session) =>
        Assert.IsType<CreateResult.Created>(await harness.CreateSessionAsync(session, CancellationToken.None)).Address;

    public static async Task<Inspection> InspectAsync(ChatHarness harness, Address session) =>
        Assert.IsType<InspectResult.Seen>(await harness.InspectAsync(session, CancellationToken.None)).Inspection;

    /// <summary>Waits for the signals that tell of the session's end of turn.</summary>
    public static async Task<Inspection> UntilIdleAsync(ChatHarness harness, Address session)
    {
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var _ in harness.WatchAsync(patience.Token))
        {
            if (await InspectAsync(harness, session) is { Activity: Activity.Idle } idle)
            {
                return idle;
            }
        }

        throw new InvalidOperationException("The harness stopped before the session was idle.");
    }

    /// <summary>The whole conversation as it is stored.</summary>
    public async Task<IReadOnlyList<ChatLine>> LinesAsync(Address session)
    {
        var count = (await (stored ?? Transcripts).MessagesAsync(session, 0, CancellationToken.None)).Count;
        var lines = new List<ChatLine>();
        if (count == 0)
        {
            return lines;
        }

        await foreach (var line in Make().FollowAsync(session.Id, 0, CancellationToken.None))
        {
            lines.Add(line);
            if (lines.Count == count)
            {
                break;
            }
        }

        return lines;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var harness in _harnesses)
        {
            await harness.DisposeAsync();
        }
    }
}
