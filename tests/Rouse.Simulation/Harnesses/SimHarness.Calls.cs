using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>How Rouse reaches the harness: each call takes time, shows what was at one moment, and may go wrong.</summary>
public sealed partial class SimHarness : IHarness
{
    /// <summary>What an adapter allows a call that never answers; the engine's own deadline ends a dispatch.</summary>
    private static readonly TimeSpan AdapterDeadline = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, int> _callsOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<TaskCompletionSource>> _behind = new(StringComparer.Ordinal);
    private int _calls;

    public event Action<CreateCalled>? OnCreateCalled;

    public event Action<DeliverCalled>? OnDeliverCalled;

    public event Action<DeliverAnswered>? OnDelivered;

    public event Action<AbortCalled>? OnAbortCalled;

    /// <summary>A look was answered, and whoever asked lives still.</summary>
    public event Action<SessionInspected>? OnInspected;

    /// <summary>A look was answered as if the session were not known.</summary>
    public event Action<Address>? OnDenied;

    /// <summary>A read-back was answered, and whoever asked lives still.</summary>
    public event Action<Address, string, FindResult>? OnFound;

    public HarnessGrade Grade { get; set; }

    public HarnessFaults Faults { get; } = new();

    /// <summary>All calls in order; empty unless they are kept.</summary>
    public List<HarnessCall> Calls { get; } = [];

    /// <summary>Whether every call is kept, for tests that read them afterwards.</summary>
    public bool KeepsCalls { get; set; } = true;

    /// <summary>The longest time that a request takes each way.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(5);

    public int CallsOf(string name) => _callsOf.GetValueOrDefault(name);

    public ValueTask<CreateResult> CreateSessionAsync(NewSession session, CancellationToken cancellationToken)
    {
        OnCreateCalled?.Invoke(new CreateCalled(Now, session));
        return CallAsync("create", session.Key, session.Key, way => Model.CreateAsync(way, session), cancellationToken);
    }

    public async ValueTask<DeliverResult> DeliverAsync(Address session, Prompt prompt, CancellationToken cancellationToken)
    {
        OnDeliverCalled?.Invoke(new DeliverCalled(Now, session, prompt));
        try
        {
            var result = await CallAsync("deliver", session.Id, prompt.Key, way => Model.DeliverAsync(way, session, prompt), cancellationToken);
            OnDelivered?.Invoke(new DeliverAnswered(Now, session, prompt, result));
            return result;
        }
        catch (OperationCanceledException)
        {
            OnDelivered?.Invoke(new DeliverAnswered(Now, session, prompt, new DeliverResult.Unknown("its caller waited no longer")));
            throw;
        }
    }

    public ValueTask<FindResult> FindDeliveryAsync(Address session, string key, CancellationToken cancellationToken) =>
        FindAsync(session, key, cancellationToken);

    public ValueTask<InspectResult> InspectAsync(Address session, CancellationToken cancellationToken) =>
        CallAsync("inspect", session.Id, key: null, way => InspectAsync(way, session), cancellationToken);

    public ValueTask<AbortResult> AbortAsync(Address session, CancellationToken cancellationToken)
    {
        OnAbortCalled?.Invoke(new AbortCalled(Now, session));
        return CallAsync("abort", session.Id, key: null, way => Model.AbortAsync(way, session), cancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A new life of the node begins: what its adapter remembered is gone.</summary>
    internal void ForgetCaller()
    {
        Callers++;
        Model.ForgetCaller();
    }

    /// <summary>Counts the lives of whoever calls: what a dead one has not yet asked for is never asked.</summary>
    internal int Callers { get; private set; }

    internal Task TravelAsync(CancellationToken cancellationToken) => Task.Delay(Latency * Time.Random.NextDouble(), Time, cancellationToken);

    /// <summary>Waits until a request to the session that came later has been answered.</summary>
    internal async Task OvertakenAsync(string session, TimeSpan most)
    {
        var passed = new TaskCompletionSource();
        (_behind.TryGetValue(session, out var behind) ? behind : _behind[session] = []).Add(passed);
        await Task.WhenAny(passed.Task, WaitAsync(most));
    }

    /// <summary>A request to the session was answered.</summary>
    internal void LetBehindPass(string session)
    {
        if (_behind.Count > 0 && _behind.Remove(session, out var behind))
        {
            behind.ForEach(b => b.TrySetResult());
        }
    }

    internal SessionTruth TruthOf(string id)
    {
        var (known, running) = (Find(id), FindRunning(id));
        return new SessionTruth(
            Now, known is not null, running?.Working ?? false, known?.OpenQuestion, known?.PersonTyping ?? false, known?.Messages.Count ?? 0);
    }

    private async ValueTask<FindResult> FindAsync(Address session, string key, CancellationToken cancellationToken)
    {
        var caller = Callers;
        var found = await CallAsync("find", session.Id, key, way => Model.FindAsync(way, session, key), cancellationToken);
        if (caller == Callers)
        {
            OnFound?.Invoke(session, key, found);
        }

        return found;
    }

    private async Task<InspectResult> InspectAsync(SimWay way, Address session)
    {
        var caller = Callers;
        var result = await Model.InspectAsync(way, session);
        if (caller == Callers)
        {
            OnInspected?.Invoke(new SessionInspected(Now, session, way.Truth, result));
        }

        return result;
    }

    /// <summary>Notes what is so while a request of an inspection is carried out.</summary>
    internal void NoteTruth(SimWay way, Address session)
    {
        if (OnInspected is not null)
        {
            way.Truth = TruthOf(session.Id);
        }
    }

    private async ValueTask<T> CallAsync<T>(string name, string session, string? key, Func<SimWay, Task<T>> call, CancellationToken cancellationToken)
        where T : class
    {
        var struck = new HarnessCall(name, session, key, ++_calls);
        _callsOf[name] = _callsOf.GetValueOrDefault(name) + 1;
        if (KeepsCalls)
        {
            Calls.Add(struck);
        }

        var fault = Faults.Of(struck);
        T result;
        if (fault is HarnessFault.Answers { Result: T made })
        {
            await TravelAsync(cancellationToken);
            result = made;
            if (made is InspectResult.Missing)
            {
                OnDenied?.Invoke(new Address(Instance, session));
            }
        }
        else
        {
            var most = fault is null ? 0 : Model.RequestsOf(name);
            var request = fault is null ? 0 : fault.Request ?? (most == 1 ? 1 : Time.Random.Next(most) + 1);
            var patience = name == "deliver" ? Timeout.InfiniteTimeSpan : AdapterDeadline;
            result = await call(new SimWay(this, session, fault, request, patience, cancellationToken));
        }

        _story.Tell($"{Instance} {name} {session}{(key is null || key == session ? "" : " " + key)}{(fault is null ? "" : $" [{fault}]")} -> {result.GetType().Name}");
        return result;
    }
}
