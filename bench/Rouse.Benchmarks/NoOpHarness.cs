using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Benchmarks;

/// <summary>A harness that does nothing but keep what it must to answer truthfully, so that what is measured is Rouse.</summary>
/// <param name="endAtOnce">Whether a prompt is answered the moment it arrives; otherwise the session works until <see cref="End"/>.</param>
internal sealed class NoOpHarness(bool endAtOnce) : IHarness
{
    private readonly ConcurrentDictionary<string, State> _sessions = new(StringComparer.Ordinal);
    private readonly Channel<HarnessSignal> _signals = Channel.CreateUnbounded<HarnessSignal>();

    public string Instance => "noop@bench";

    public HarnessGrade Grade { get; } = new(DeliveryGrade.ExactlyOnce, "in memory", "in-process", AccountsUsage: false);

    /// <summary>Told when a wake arrives, with its session.</summary>
    public Action<string>? OnWake { get; set; }

    /// <summary>Makes a session that is idle and has no history.</summary>
    public Address Open(string id)
    {
        _sessions[id] = new State(null, Ended: true);
        return new Address(Instance, id);
    }

    /// <summary>A session that worked has ended with output.</summary>
    public void End(string id)
    {
        _sessions[id] = _sessions[id] with { Ended = true };
        _signals.Writer.TryWrite(new HarnessSignal.Changed(id));
    }

    /// <summary>The session of an attempt that was started in an earlier run is here too.</summary>
    public void Restore(string id, string key, bool ended) => _sessions[id] = new State(key, ended);

    public ValueTask<CreateResult> CreateSessionAsync(NewSession session, CancellationToken cancellationToken)
    {
        _sessions.TryAdd(session.Key, new State(null, Ended: true));
        return new(new CreateResult.Created(new Address(Instance, session.Key), Directory: null));
    }

    public ValueTask<DeliverResult> DeliverAsync(Address session, Prompt prompt, CancellationToken cancellationToken)
    {
        _sessions[session.Id] = new State(prompt.Key, endAtOnce || prompt.IsWake);
        if (prompt.IsWake)
        {
            OnWake?.Invoke(session.Id);
        }

        return new(new DeliverResult.Sent());
    }

    public ValueTask<FindResult> FindDeliveryAsync(Address session, string key, CancellationToken cancellationToken) =>
        new(_sessions.TryGetValue(session.Id, out var state) && state.Key == key ? new FindResult.Found(key, Begun: true) : new FindResult.NotFound());

    public ValueTask<InspectResult> InspectAsync(Address session, CancellationToken cancellationToken)
    {
        if (!_sessions.TryGetValue(session.Id, out var state))
        {
            return new(new InspectResult.Missing());
        }

        var seen = new Inspection { At = DateTimeOffset.UtcNow, Activity = state.Ended ? Activity.Idle : Activity.Working };
        return new(new InspectResult.Seen(state.Key is null
            ? seen
            : seen with
            {
                Messages =
                [
                    new SeenMessage { Id = "p", Origin = MessageOrigin.Rouse, Key = state.Key },
                    new SeenMessage { Id = "a", Origin = MessageOrigin.Agent, Text = "done", Ended = state.Ended },
                ],
            }));
    }

    public async IAsyncEnumerable<HarnessSignal> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new HarnessSignal.Connected();
        await foreach (var signal in _signals.Reader.ReadAllAsync(cancellationToken))
        {
            yield return signal;
        }
    }

    public ValueTask<AbortResult> AbortAsync(Address session, CancellationToken cancellationToken) => new(new AbortResult.Ended("nothing ran"));

    public ValueTask DisposeAsync() => default;

    private sealed record State(string? Key, bool Ended);
}
