using System.Globalization;
using System.Runtime.CompilerServices;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>How Rouse reaches the harness: each call takes time, shows what was at one moment, and may go wrong.</summary>
public sealed partial class SimHarness : IHarness
{
    /// <summary>What an adapter allows a call that never answers; the engine's own deadline ends a dispatch.</summary>
    private static readonly TimeSpan AdapterDeadline = TimeSpan.FromSeconds(15);

    private int _calls;

    public HarnessGrade Grade { get; set; } = new(DeliveryGrade.ExactlyOnce, "it is simulated", "sim", AccountsUsage: false);

    /// <summary>All calls in order.</summary>
    public List<HarnessCall> Calls { get; } = [];

    /// <summary>The longest time that a call takes each way.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(5);

    public int CallsOf(string name) => Calls.Count(c => c.Name == name);

    public ValueTask<CreateResult> CreateSessionAsync(NewSession session, CancellationToken cancellationToken)
    {
        OnCreateCalled?.Invoke(session);
        return CreateAsync(session, cancellationToken);
    }

    private ValueTask<CreateResult> CreateAsync(NewSession session, CancellationToken cancellationToken) => CallAsync<CreateResult>(
        "create", session.Key, session.Key, () => Create(session), new CreateResult.Unreachable("connection refused"), new CreateResult.Unreachable("no answer"), cancellationToken);

    public ValueTask<DeliverResult> DeliverAsync(Address session, Prompt prompt, CancellationToken cancellationToken)
    {
        OnDeliverCalled?.Invoke(session, prompt);
        return TakeAsync(session, prompt, cancellationToken);
    }

    private ValueTask<DeliverResult> TakeAsync(Address session, Prompt prompt, CancellationToken cancellationToken) => CallAsync<DeliverResult>(
        "deliver", session.Id, prompt.Key, () => Take(session, prompt), new DeliverResult.NotSent("connection refused"), new DeliverResult.Unknown("connection reset"), cancellationToken);

    public ValueTask<FindResult> FindDeliveryAsync(Address session, string key, CancellationToken cancellationToken) => CallAsync<FindResult>(
        "find", session.Id, key, () => Find(session, key), new FindResult.Unreadable("connection refused", true), new FindResult.Unreadable("no answer", false), cancellationToken);

    public ValueTask<InspectResult> InspectAsync(Address session, CancellationToken cancellationToken) => CallAsync<InspectResult>(
        "inspect", session.Id, key: null, () => Look(session, tell: true), new InspectResult.Unreadable("connection refused", true), new InspectResult.Unreadable("no answer", false), cancellationToken);

    public ValueTask<AbortResult> AbortAsync(Address session, CancellationToken cancellationToken) => CallAsync<AbortResult>(
        "abort", session.Id, key: null, () => Abort(session), new AbortResult.NotSeen("connection refused"), new AbortResult.NotSeen("no answer"), cancellationToken);

    public async IAsyncEnumerable<HarnessSignal> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = new SimStream();
        _streams.Add(stream);
        try
        {
            if (IsUp)
            {
                stream.Connect();
            }
            else
            {
                stream.Break();
            }

            while (true)
            {
                yield return await stream.NextAsync(cancellationToken);
            }
        }
        finally
        {
            _streams.Remove(stream);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<T> CallAsync<T>(
        string name, string session, string? key, Func<T> work, T refused, T lost, CancellationToken cancellationToken)
        where T : class
    {
        var call = new HarnessCall(name, session, key, ++_calls);
        Calls.Add(call);
        var fault = Faults.Of(call);
        var result = await PerformAsync(fault, work, refused, lost, cancellationToken);
        _story.Tell($"{Instance} {name} {session}{(key is null || key == session ? "" : " " + key)}{(fault is null ? "" : $" [{fault}]")} -> {result.GetType().Name}");
        return result;
    }

    private async ValueTask<T> PerformAsync<T>(HarnessFault? fault, Func<T> work, T refused, T lost, CancellationToken cancellationToken)
        where T : class
    {
        await TravelAsync(cancellationToken);
        if (!IsUp || fault is HarnessFault.RefusedBefore)
        {
            return refused;
        }

        switch (fault)
        {
            case HarnessFault.Answers x:
                return (T)x.Result;
            case HarnessFault.Lost:
                return lost;
            case HarnessFault.AnswerLost:
                work();
                return lost;
            case HarnessFault.DoneLater x:
                _ = LaterAsync(x.After, work);
                return lost;
            case HarnessFault.Hangs x:
                if (x.Done)
                {
                    work();
                }

                if (typeof(T) == typeof(DeliverResult))
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken);
                }

                await Task.Delay(AdapterDeadline, _time, cancellationToken);
                return lost;
            case HarnessFault.Slow x:
                await Task.Delay(x.By / 2, _time, cancellationToken);
                break;
        }

        if (!IsUp)
        {
            return lost;
        }

        var result = work();
        if (fault is HarnessFault.Slow slow)
        {
            await Task.Delay(slow.By / 2, _time, cancellationToken);
        }

        await TravelAsync(cancellationToken);
        return IsUp ? result : lost;
    }

    private async Task LaterAsync<T>(TimeSpan after, Func<T> work)
    {
        await WaitAsync(after);
        if (IsUp)
        {
            work();
        }
    }

    private Task TravelAsync(CancellationToken cancellationToken) =>
        Task.Delay(Latency * _time.Random.NextDouble(), _time, cancellationToken);

    private CreateResult.Created Create(NewSession spec)
    {
        if (!_byKey.TryGetValue(spec.Key, out var session))
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"child{++_children}");
            session = new SimSession(new Address(Instance, id), spec);
            (_sessions[id], _byKey[spec.Key]) = (session, session);
        }

        return new CreateResult.Created(session.Address, spec.Directory);
    }

    private DeliverResult Take(Address address, Prompt prompt)
    {
        if (!_sessions.TryGetValue(address.Id, out var session))
        {
            return new DeliverResult.Gone();
        }

        var stored = session.Messages.FindIndex(m => m.Key == prompt.Key);
        if (stored >= 0)
        {
            if (!session.Working && session.Messages.TrueForAll(m => m.Origin != MessageOrigin.Agent || session.Messages.IndexOf(m) < stored))
            {
                _ = TakeTurnAsync(session, session.Messages[stored]);
            }

            return new DeliverResult.Sent();
        }

        if (session.Working)
        {
            return new DeliverResult.Busy("a turn runs");
        }

        _ = TakeTurnAsync(session, Store(session, MessageOrigin.Rouse, prompt.Key, prompt.Text));
        return new DeliverResult.Sent();
    }

    private FindResult Find(Address address, string key)
    {
        if (!_sessions.TryGetValue(address.Id, out var session))
        {
            return new FindResult.Gone();
        }

        var index = session.Messages.FindIndex(m => m.Key == key);
        return index < 0
            ? new FindResult.NotFound()
            : new FindResult.Found(session.Messages[index].Id, session.Messages.Skip(index).Any(m => m.Origin == MessageOrigin.Agent));
    }

    private InspectResult Look(Address address, bool tell)
    {
        var result = Look(address);
        if (tell)
        {
            OnInspected?.Invoke(address, _sessions.GetValueOrDefault(address.Id), result);
        }

        return result;
    }

    private InspectResult Look(Address address) => !_sessions.TryGetValue(address.Id, out var session)
        ? new InspectResult.Missing()
        : new InspectResult.Seen(new Inspection
        {
            At = _time.GetUtcNow(),
            Activity = session.Working ? Activity.Working : Activity.Idle,
            Messages = [.. session.Messages.Select(m => m.Seen())],
            OpenQuestion = session.OpenQuestion,
            PersonTyping = session.PersonTyping,
            OpenTodos = [.. session.Todos],
        });

    private AbortResult.Ended Abort(Address address)
    {
        if (_sessions.TryGetValue(address.Id, out var session))
        {
            Stop(session);
            return new AbortResult.Ended("seen idle");
        }

        return new AbortResult.Ended("gone");
    }
}
