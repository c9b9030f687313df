using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.Chat.Conversations;
using Rouse.Harnesses.Chat.Delegation;
using Rouse.Harnesses.Chat.Turns;

namespace Rouse.Harnesses.Chat;

/// <summary>
/// Agent sessions in this process over any <c>IChatClient</c>. Conversations are durable: every message is stored before anything follows from
/// it, and a turn that a crash cut off is continued from its last stored message by <see cref="StartAsync"/>.
/// </summary>
/// <remarks>Thread-safe. One turn at a time runs in a session. One harness at a time may serve an instance; the journal's lock sees to that.</remarks>
public sealed partial class ChatHarness : IHarness
{
    private const int WaitingSignals = 4096;

    private readonly ChatHarnessOptions _options;
    private readonly ConversationStore _store;
    private readonly SessionTurns _turns;
    private readonly Signals _signals = new();
    private readonly TimeProvider _time;
    private readonly ILogger<ChatHarness> _logger;

    /// <param name="engine">Asked when an agent delegates: the engine is made after its harnesses.</param>
    /// <exception cref="ArgumentException">An option has a value that cannot be used; the message has its path.</exception>
    public ChatHarness(ChatHarnessOptions options, ITranscripts transcripts, Func<IBackgroundAgents> engine, TimeProvider time, ILoggerFactory logs)
    {
        options.Validate();
        _options = options;
        _time = time;
        _logger = logs.CreateLogger<ChatHarness>();
        _store = new ConversationStore(options.Instance, new TimelyTranscripts(transcripts, options.StoreDeadline, time), _signals);
        var runner = new TurnRunner(
            options, _store, new DelegationTools(engine, _store), new ModelCall(options, _signals, time, logs.CreateLogger<ModelCall>()),
            new ToolRun(options, time, logs.CreateLogger<ToolRun>()), time, logs.CreateLogger<TurnRunner>());
        _turns = new SessionTurns(options, _store, runner, _signals, time, logs.CreateLogger<SessionTurns>());
    }

    public string Instance => _options.Instance;

    public HarnessGrade Grade => new(
        DeliveryGrade.ExactlyOnce, "A prompt is appended to the stored conversation under its key, and a key is there once.", "in-process",
        AccountsUsage: _options.Models.Values.All(m => m.ReportsUsage));

    /// <summary>Continues every turn that a crash or a stop left open. Called once, when the engine accepts calls: the turns may delegate.</summary>
    /// <exception cref="JournalUnavailableException">The transcripts cannot be read.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => _turns.StartAsync(cancellationToken);

    public async ValueTask<CreateResult> CreateSessionAsync(NewSession session, CancellationToken cancellationToken)
    {
        try
        {
            if (await _store.FindByKeyAsync(session.Key, cancellationToken) is { } found)
            {
                return new CreateResult.Created(found.Session, found.Head.Directory);
            }

            if (TurnSettings.Check(_options, session.Agent, session.Model) is { } error)
            {
                return new CreateResult.Refused(error);
            }

            if (session.Variant is { } variant)
            {
                return new CreateResult.Refused(NoVariant(variant));
            }

            var address = _store.At("chat-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(session.Key)).AsSpan(0, 12)));
            var head = await HeadAsync(session, cancellationToken);
            await _store.CreateAsync(address, session.Key, head, cancellationToken);
            return new CreateResult.Created(address, head.Directory);
        }
        catch (JournalUnavailableException e)
        {
            return new CreateResult.Unreachable(e.Message);
        }
    }

    public ValueTask<DeliverResult> DeliverAsync(Address session, Prompt prompt, CancellationToken cancellationToken)
    {
        if (prompt.Variant is { } variant)
        {
            return ValueTask.FromResult<DeliverResult>(new DeliverResult.Refused(NoVariant(variant)));
        }

        var said = new ChatEntry.Said
        {
            At = _time.GetUtcNow(), Origin = MessageOrigin.Rouse, Text = prompt.Text,
            Agent = prompt.Agent, Model = prompt.Model, System = prompt.System, Tools = prompt.Tools,
        };
        return _turns.BeginAsync(session.Id, prompt.Key, said, cancellationToken);
    }

    public async ValueTask<FindResult> FindDeliveryAsync(Address session, string key, CancellationToken cancellationToken)
    {
        try
        {
            if (await _store.LoadAsync(session.Id, cancellationToken) is not { } conversation)
            {
                return new FindResult.Gone();
            }

            if (conversation.Find(key) is not { } line)
            {
                return new FindResult.NotFound();
            }

            var isRun = conversation.IsOpen && _turns.Runs(session.Id);
            var begun = isRun || conversation.Lines.Any(l => l.Number > line.Number && l.Entry is ChatEntry.Answered);
            return new FindResult.Found(SeenMessages.IdOf(line), begun);
        }
        catch (JournalUnavailableException e)
        {
            return new FindResult.Unreadable(e.Message, InstanceDown: true);
        }
    }

    public async ValueTask<InspectResult> InspectAsync(Address session, CancellationToken cancellationToken)
    {
        try
        {
            var at = _time.GetUtcNow();
            if (await _store.LoadAsync(session.Id, cancellationToken) is not { } conversation)
            {
                return new InspectResult.Missing();
            }

            // Looked at after the history was read: a turn seen here announces its end later, so nobody waits for a change that has passed.
            var runs = _turns.Runs(session.Id);
            if (conversation.IsOpen && !runs)
            {
                conversation = await _store.LoadAsync(session.Id, cancellationToken) ?? conversation;
            }

            return new InspectResult.Seen(new Inspection
            {
                At = at,
                Activity = runs || conversation.IsOpen ? Activity.Working : Activity.Idle,
                Messages = SeenMessages.Of(conversation),
            });
        }
        catch (JournalUnavailableException e)
        {
            return new InspectResult.Unreadable(e.Message, InstanceDown: true);
        }
    }

    public async IAsyncEnumerable<HarnessSignal> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var watcher = _signals.Watch(WaitingSignals);
        await foreach (var signal in watcher.ReadAsync(cancellationToken))
        {
            yield return signal;
        }

        yield return new HarnessSignal.Disconnected("The harness has stopped.");
    }

    public ValueTask<AbortResult> AbortAsync(Address session, CancellationToken cancellationToken) => _turns.AbortAsync(session.Id, cancellationToken);

    /// <summary>Starts a session of its own, the root of a crew, or finds the one that has the id.</summary>
    /// <param name="id">Null makes one up.</param>
    /// <param name="agent">Null for the default agent.</param>
    /// <exception cref="RefusedException">There is no such agent or model.</exception>
    /// <exception cref="JournalUnavailableException">Nothing was stored.</exception>
    public async Task<Address> OpenSessionAsync(string? id, string? agent, string? model, CancellationToken cancellationToken)
    {
        var address = _store.At(id ?? "chat-" + Guid.CreateVersion7(_time.GetUtcNow()).ToString("N"));
        if (await _store.FindHeadAsync(address.Id, cancellationToken) is not null)
        {
            return address;
        }

        if (_options.AgentOrDefault(agent) is not { } name)
        {
            var names = ChatHarnessOptions.Names(_options.Agents.Keys);
            throw Invalid("agent", "unknown-agent", $"Say which agent: {_options.Instance} has {names} and no default.");
        }

        if (TurnSettings.Check(_options, name, model) is { } error)
        {
            throw Invalid(error.Reason == "unknown-agent" ? "agent" : "model", error.Reason, error.Message);
        }

        var head = new ChatHead { Agent = name, Model = model, Directory = _options.Directory, CreatedAt = _time.GetUtcNow() };
        await _store.CreateAsync(address, null, head, cancellationToken);
        return address;
    }

    /// <summary>A person speaks. The turn runs in the background; <see cref="FollowAsync"/> shows it.</summary>
    /// <param name="key">Makes a repeated call the same message; null for a message of its own.</param>
    public ValueTask<DeliverResult> SendAsync(string sessionId, string text, string? key, CancellationToken cancellationToken)
    {
        var said = new ChatEntry.Said { At = _time.GetUtcNow(), Origin = MessageOrigin.Person, Text = text };

        // With a colon, so that no person's key is taken for one of Rouse's.
        return _turns.BeginAsync(sessionId, key is null ? null : "person:" + key, said, cancellationToken);
    }

    /// <summary>
    /// The conversation after a line (0: from its start) and then every line as it is added, until it is cancelled, the session is deleted or
    /// the harness stops.
    /// </summary>
    /// <exception cref="JournalUnavailableException">The transcripts cannot be read; begin again after the last line seen.</exception>
    public async IAsyncEnumerable<ChatLine> FollowAsync(string sessionId, int after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var watcher = _signals.Watch(WaitingSignals);
        await foreach (var signal in watcher.ReadAsync(cancellationToken))
        {
            if (signal is HarnessSignal.Deleted deleted && deleted.SessionId == sessionId)
            {
                yield break;
            }

            if (signal is not HarnessSignal.Connected && (signal is not HarnessSignal.Changed changed || changed.SessionId != sessionId))
            {
                continue;
            }

            foreach (var line in await _store.LinesAsync(sessionId, after, cancellationToken))
            {
                after = line.Number;
                yield return line;
            }
        }
    }

    /// <summary>Stops the session's turn and deletes its conversation; false when there was none.</summary>
    /// <exception cref="JournalUnavailableException">Nothing was deleted.</exception>
    public async Task<bool> DeleteSessionAsync(string sessionId, CancellationToken cancellationToken)
    {
        var aborted = await AbortAsync(_store.At(sessionId), cancellationToken);
        if (aborted is AbortResult.NotSeen notSeen)
        {
            LogDeletedWhileRunning(_store.At(sessionId), notSeen.Reason);
        }

        var deleted = await _store.DeleteAsync(sessionId, cancellationToken);
        if (deleted)
        {
            _signals.Emit(new HarnessSignal.Deleted(sessionId));
        }

        return deleted;
    }

    /// <summary>Stops the turns and waits for them. They stay open, and the next start continues them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turns.DisposeAsync();
        _signals.Close();
    }

    private static RefusedException Invalid(string path, string type, string detail) =>
        new(new Refusal(RefusalKind.Invalid, type, detail) { Path = path });

    private static TaskError NoVariant(string variant) => new(
        FailureClass.Provider, "unknown-variant", $"There is no variant '{variant}': models of this harness have none. Configure it as a model of its own.");

    private async ValueTask<ChatHead> HeadAsync(NewSession session, CancellationToken cancellationToken)
    {
        var parent = session.Parent is { } above ? await _store.FindHeadAsync(above.Id, cancellationToken) : null;
        return new ChatHead
        {
            Agent = session.Agent, Model = session.Model, Title = session.Title, Directory = session.Directory ?? parent?.Directory ?? _options.Directory,
            Parent = session.Parent, System = session.System, Permissions = session.Permissions, Tools = session.Tools, Metadata = session.Metadata,
            CreatedAt = _time.GetUtcNow(),
        };
    }
}
