using Rouse.Core;

namespace Rouse.Simulation;

/// <summary>
/// What can go on goes on: no slot stays free beside an attempt that may start, and where nothing goes wrong nothing waits for the looks that are there
/// for lost signals.
/// </summary>
public sealed partial class Oracle
{
    /// <summary>Below the first of those looks, and above all that calls and commits take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    /// <summary>The longest wait for another try of a start whose commit failed, and what it takes to hear of an instance.</summary>
    private static readonly TimeSpan PatienceOfLanes = TimeSpan.FromSeconds(120);

    private readonly Dictionary<(object, string), DateTimeOffset> _couldGoOn = [];
    private readonly HashSet<(object, string)> _canGoOn = [];

    /// <summary>Set where no call, commit or signal goes wrong and nothing is away.</summary>
    public bool IsCalm { get; init; }

    /// <summary>Asked every few seconds.</summary>
    public void CheckPromptness()
    {
        _canGoOn.Clear();
        var isUp = !_world.Node.IsDead && !_world.Node.IsPaused;
        foreach (var task in _books.Tasks.Values.Where(t => isUp && (!t.IsSettled || t.Current.AbortOwed)))
        {
            CheckPromptness(task);
        }

        foreach (var wake in _books.Wakes.Values.Where(w => isUp && w.IsOpen))
        {
            CheckPromptness(wake);
        }

        // What is over may be forgotten; what works for a session that is deleted may not.
        foreach (var session in _books.Sessions.Values.Where(s => isUp && IsCalm && !s.Gone && _deleted.Contains(At(s)) && s.Delegated.Exists(t => !t.IsSettled)))
        {
            Expect(session, "is to be given up, as it was deleted,", Patience);
        }

        foreach (var over in _couldGoOn.Keys.Where(k => !_canGoOn.Contains(k)).ToList())
        {
            _couldGoOn.Remove(over);
        }
    }

    private void CheckPromptness(BookedTask task)
    {
        if (ChecksRefusals && task.Status == "queued" && _world.Harnesses[task.Instance].IsUp && task.Current.Lanes.All(HasRoom))
        {
            Expect(task, "may start", PatienceOfLanes);
        }

        if (!IsCalm || task.Current.Session is not { } session || _world.Harnesses[session.Instance].Find(session.Address) is not { } there)
        {
            return;
        }

        if (task.Current.AbortOwed)
        {
            Expect(task, "has to be stopped", Patience);
        }

        if (task.Status is "running" or "settling" && IsIdle(there) && there.Todos is [] && there.Messages is [.., var last] && IsOutput(last)
            && session.Under.All(s => s.Wakes.TrueForAll(w => !w.IsOpen) && s.Delegated.TrueForAll(t => t.IsSettled) && !s.Notices.Exists(n => n is { IsOwed: true, Wakes: true })))
        {
            Expect(task, "has said its last word", Patience);
        }
    }

    private void CheckPromptness(BookedWake wake)
    {
        if (!IsCalm || _world.Harnesses[wake.Session.Instance].Find(wake.Session.Address) is not { } there)
        {
            return;
        }

        if (wake is { Phase: "due", IsTimed: true } && wake.Session.Task?.Status != "settling")
        {
            if (IsIdle(there) && !there.PersonTyping && !wake.Session.Wakes.Exists(w => w.InFlight) && wake.Session.Task?.Status is null or "running")
            {
                Expect(wake, "may go out", Patience);
            }
            else if (wake.Hold is null && !IsIdle(there))
            {
                Expect(wake, "has to say what holds it", Patience);
            }
        }

        if (wake.Phase == "admitted" && IsIdle(there) && there.Messages is [.., var last] && last.Answers?.Key is { } key && Base(key) == wake.Key && IsOutput(last))
        {
            Expect(wake, "was answered", Patience);
        }
    }

    private void Expect(object what, string why, TimeSpan patience)
    {
        _canGoOn.Add((what, why));
        if (_couldGoOn.TryAdd((what, why), _world.Now) || _world.Now - _couldGoOn[(what, why)] <= patience || _world.Now - _world.AwakeSince <= patience)
        {
            return;
        }

        Break(Rule.Prompt, $"{(what as BookedTask)?.Id ?? (what as BookedWake)?.Id ?? (what as BookedSession)?.Id} {why} since {_couldGoOn[(what, why)]:T}");
    }

    private bool HasRoom(string lane) => _world.Options.Lanes.LimitOf(lane) is not { } limit || _books.Held.GetValueOrDefault(lane) < limit;

    private static bool IsIdle(SimSession session) => session is { Working: false, Beginning: false, OpenQuestion: null };
}
