using System.Globalization;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>
/// A harness: sessions with a durable history, turns that take virtual time and are played by scripts, people, and a process that can die and come
/// back. How it takes prompts is its <see cref="HarnessModel"/>; how Rouse reaches it is in the part about calls.
/// </summary>
public sealed partial class SimHarness
{
    private readonly Story _story;
    private readonly Dictionary<string, SimSession> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SimSession> _deleted = new(StringComparer.Ordinal);
    private int _messages;
    private int _children;
    private int _below;
    private bool _died;

    public SimHarness(string instance, SimScheduler time, Story story, HarnessModel? model = null)
    {
        Instance = instance;
        (Time, _story) = (time, story);
        Model = model ?? new ReceiptModel();
        Model.Serve(this);
        Grade = Model.Grade;
        Play = async turn =>
        {
            await turn.WorkAsync(turn.Prompt.Text.Split(' ') is ["work", var seconds] ? double.Parse(seconds, CultureInfo.InvariantCulture) : 10);
            turn.Say(turn.IsWake ? "noted" : $"result of {turn.Session.Address.Id}");
        };
    }

    public event Action<MessageStored>? OnStored;

    /// <summary>A session is deleted, and it is told.</summary>
    public event Action<SimSession>? OnDeletionTold;

    public string Instance { get; }

    public HarnessModel Model { get; }

    /// <summary>How an agent takes a turn.</summary>
    public Func<SimTurn, Task> Play { get; set; }

    public bool IsUp => DownSince is null;

    /// <summary>Since when it has not been reachable; null while it is.</summary>
    public DateTimeOffset? DownSince { get; private set; }

    public IEnumerable<SimSession> Sessions => _sessions.Values;

    /// <summary>Sessions that Rouse had created.</summary>
    public IEnumerable<SimSession> Children => _sessions.Values.Where(s => s.Spec is not null);

    public SimSession this[string id] => _sessions[id];

    internal SimScheduler Time { get; }

    /// <summary>Counts the deaths of its process: what was on its way to the last one is lost.</summary>
    internal int Boots { get; private set; }

    /// <summary>A person opens a session.</summary>
    public SimSession Open(string id) => _sessions[id] = new SimSession(new Address(Instance, id), spec: null);

    /// <summary>The harness itself opens a session below another one.</summary>
    public SimSession OpenBelow(SimSession parent)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"below{++_below}");
        return _sessions[id] = new SimSession(new Address(Instance, id), spec: null, parent.Address);
    }

    public void PersonSays(SimSession session, string text)
    {
        _story.Tell($"{Instance} a person says '{text}' in {session.Address.Id}");
        Model.Prompted(session, Store(session, MessageOrigin.Person, key: null, text));
    }

    /// <summary>A person leaves a note that starts no turn.</summary>
    public void PersonNotes(SimSession session, string text)
    {
        _story.Tell($"{Instance} a person notes '{text}' in {session.Address.Id}");
        Store(session, MessageOrigin.Person, key: null, text);
        SayChanged(session);
    }

    /// <summary>Somebody stops the turn in the harness itself, or through Rouse.</summary>
    public void Stop(SimSession session)
    {
        if (session.Turn is { } turn)
        {
            turn.Abort(new TaskError(FailureClass.Aborted, "aborted", "The turn was aborted."));
            EndTurn(session, turn);
        }
    }

    public void Answer(SimSession session)
    {
        session.OpenQuestion = null;
        SayChanged(session);
    }

    public void Delete(SimSession session, bool tell = true)
    {
        _story.Tell($"{Instance} {session.Address.Id} is deleted");
        _sessions.Remove(session.Address.Id);
        if (Model.TurnsOutliveDeletion)
        {
            _deleted[session.Address.Id] = session;
        }
        else if (session.Turn is { } turn)
        {
            turn.Drop();
            Leave(session, turn);
        }

        Model.Deleted(session);
        if (tell)
        {
            OnDeletionTold?.Invoke(session);
            Say(new HarnessSignal.Deleted(session.Address.Id));
        }

        if (Model.DeletesBelow)
        {
            foreach (var below in _sessions.Values.Where(s => s.Parent == session.Address).ToList())
            {
                Delete(below, tell);
            }
        }
    }

    /// <summary>The process dies: turns end without an end, streams break, calls find nobody.</summary>
    public void Die()
    {
        _story.Tell($"{Instance} dies");
        (DownSince, _died) = (DownSince ?? Now, true);
        Boots++;
        foreach (var session in _sessions.Values.Concat(_deleted.Values))
        {
            session.Beginning = false;
            if (session.Turn is { } turn)
            {
                turn.Die(Model.LosesTextOfTheDead);
                Leave(session, turn);
            }
        }

        _deleted.Clear();
        Break();
    }

    /// <summary>The connection to it is lost, or comes back; what runs in it goes on.</summary>
    public void Cut()
    {
        _story.Tell($"{Instance} cannot be reached");
        DownSince ??= Now;
        Break();
    }

    public void Come()
    {
        _story.Tell($"{Instance} is reachable");
        DownSince = null;
        if (_died)
        {
            _died = false;
            Model.Booted();
        }

        Connect();
    }

    /// <summary>What is carried out now came by a request whose sender has given it up.</summary>
    internal bool IsLate { get; set; }

    /// <summary>Null when it was deleted, or never was.</summary>
    public SimSession? Find(string id) => _sessions.GetValueOrDefault(id);

    /// <summary>A session that is known, or one whose turn a deletion left behind.</summary>
    internal SimSession? FindRunning(string id) => Find(id) ?? _deleted.GetValueOrDefault(id);

    internal SimSession Create(NewSession spec)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"child{++_children}");
        return _sessions[id] = new SimSession(new Address(Instance, id), spec);
    }

    internal SimMessage Store(SimSession session, MessageOrigin origin, string? key, string text, SimMessage? answers = null)
    {
        var message = new SimMessage
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"m{++_messages}"), Origin = origin, Key = key, Text = text, At = Now, Answers = answers, Late = IsLate,
        };
        session.Messages.Add(message);
        OnStored?.Invoke(new MessageStored(Now, session, message));
        return message;
    }

    internal Task WaitAsync(TimeSpan time) => Task.Delay(time, Time);

    private DateTimeOffset Now => Time.GetUtcNow();
}
