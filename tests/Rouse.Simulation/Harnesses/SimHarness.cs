using System.Globalization;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>
/// A model of a harness: sessions with a durable history, turns that take virtual time and are played by scripts, and a process that can die
/// and come back. It stores a prompt first and runs it then. What happens inside is here; how Rouse reaches it is in the other part.
/// </summary>
public sealed partial class SimHarness
{
    private static readonly TaskError Aborted = new(FailureClass.Aborted, "aborted", "The turn was aborted.");

    private readonly SimScheduler _time;
    private readonly Story _story;
    private readonly Dictionary<string, SimSession> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SimSession> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _runs = new(StringComparer.Ordinal);
    private readonly List<SimStream> _streams = [];
    private int _messages;
    private int _children;

    public SimHarness(string instance, SimScheduler time, Story story)
    {
        Instance = instance;
        (_time, _story) = (time, story);
        Play = async turn =>
        {
            await turn.WorkAsync(turn.Prompt.Text.Split(' ') is ["work", var seconds] ? double.Parse(seconds, CultureInfo.InvariantCulture) : 10);
            turn.Say(turn.IsWake ? "noted" : $"result of {turn.Session.Address.Id}");
        };
    }

    public string Instance { get; }

    /// <summary>How an agent takes a turn.</summary>
    public Func<SimTurn, Task> Play { get; set; }

    public HarnessFaults Faults { get; } = new();

    public bool IsUp { get; private set; } = true;

    public IEnumerable<SimSession> Sessions => _sessions.Values;

    /// <summary>Sessions that Rouse had created.</summary>
    public IEnumerable<SimSession> Children => _sessions.Values.Where(s => s.Spec is not null);

    /// <summary>How many turns were begun for prompts with each key.</summary>
    public IReadOnlyDictionary<string, int> Runs => _runs;

    public SimSession this[string id] => _sessions[id];

    /// <summary>Null when it was deleted, or never was.</summary>
    public SimSession? Find(string id) => _sessions.GetValueOrDefault(id);

    public event Action<SimSession, SimMessage>? OnStored;

    public event Action<SimSession, SimTurn>? OnTurnBegan;

    public event Action<Address, SimSession?, InspectResult>? OnInspected;

    public event Action<Address, Prompt>? OnDeliverCalled;

    public event Action<NewSession>? OnCreateCalled;

    /// <summary>A person opens a session.</summary>
    public SimSession Open(string id)
    {
        var session = new SimSession(new Address(Instance, id), spec: null);
        _sessions[id] = session;
        return session;
    }

    public void PersonSays(SimSession session, string text)
    {
        var message = Store(session, MessageOrigin.Person, key: null, text);
        Tell($"a person says '{text}' in {session.Address.Id}");
        if (!session.Working)
        {
            _ = TakeTurnAsync(session, message);
        }
    }

    /// <summary>Somebody stops the turn in the harness itself, or through Rouse.</summary>
    public void Stop(SimSession session)
    {
        if (session.Turn is { } turn)
        {
            turn.Abort(Aborted);
            EndTurn(session);
        }
    }

    public void Answer(SimSession session)
    {
        session.OpenQuestion = null;
        SayChanged(session);
    }

    public void Delete(SimSession session, bool tell = true)
    {
        Tell($"{session.Address.Id} is deleted");
        if (session.Turn is { } turn)
        {
            turn.Stopped = true;
            session.Turn = null;
        }

        _sessions.Remove(session.Address.Id);
        if (tell)
        {
            Say(new HarnessSignal.Deleted(session.Address.Id));
        }
    }

    /// <summary>The process dies: turns end without an end, streams break, calls find nobody.</summary>
    public void Die()
    {
        Tell("dies");
        IsUp = false;
        foreach (var session in _sessions.Values.Where(s => s.Working))
        {
            session.Turn!.Stopped = true;
            session.Turn = null;
            session.OpenQuestion = null;
        }

        _streams.ForEach(s => s.Break());
    }

    /// <summary>The connection to it is lost, or comes back; what runs in it goes on.</summary>
    public void Cut()
    {
        Tell("cannot be reached");
        IsUp = false;
        _streams.ForEach(s => s.Break());
    }

    public void Come()
    {
        Tell("is reachable");
        IsUp = true;
        _streams.ForEach(s => s.Connect());
    }

    internal Task WaitAsync(TimeSpan time) => Task.Delay(time, _time);

    internal SimMessage Store(SimSession session, MessageOrigin origin, string? key, string text)
    {
        var message = new SimMessage
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"m{++_messages}"), Origin = origin, Key = key, Text = text, At = _time.GetUtcNow(),
        };
        session.Messages.Add(message);
        OnStored?.Invoke(session, message);
        return message;
    }

    internal void SayChanged(SimSession session) => Say(new HarnessSignal.Changed(session.Address.Id));

    /// <summary>Sends a signal to whoever listens.</summary>
    public void Say(HarnessSignal signal)
    {
        if (Faults.LosesSignal?.Invoke(signal) != true)
        {
            _streams.ForEach(s => s.Say(signal));
        }
    }

    private async Task TakeTurnAsync(SimSession session, SimMessage prompt)
    {
        var turn = new SimTurn(this, session, prompt);
        session.Turn = turn;
        if (prompt.Key is { } key)
        {
            _runs[key] = _runs.GetValueOrDefault(key) + 1;
        }

        OnTurnBegan?.Invoke(session, turn);
        SayChanged(session);
        try
        {
            await Play(turn);
        }
        catch (TurnStoppedException)
        {
            return;
        }

        if (!turn.Stopped)
        {
            turn.End();
            EndTurn(session);
        }
    }

    private void EndTurn(SimSession session)
    {
        session.Turn = null;
        session.OpenQuestion = null;
        Tell($"{session.Address.Id} is idle");
        SayChanged(session);
        if (session.Messages is [.., { Origin: MessageOrigin.Person } waiting])
        {
            _ = TakeTurnAsync(session, waiting);
        }
    }

    private void Tell(string what) => _story.Tell($"{Instance} {what}");
}
