using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What callers asked and were told.</summary>
public sealed partial class Oracle
{
    private readonly Dictionary<(string From, string Key), Asked> _asked = [];
    private readonly HashSet<string> _toCancel = new(StringComparer.Ordinal);
    private readonly HashSet<string> _cancelledByParent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _cancelledByOthers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _cancelledUnder = new(StringComparer.Ordinal);
    private readonly HashSet<string> _acknowledged = new(StringComparer.Ordinal);

    /// <summary>Before a request is sent.</summary>
    public Asked Ask(SessionId from, Work work)
    {
        if (!_asked.TryGetValue((from.ToString(), work.Key), out var asked))
        {
            _asked[(from.ToString(), work.Key)] = asked = new Asked(from, work);
        }
        else if (asked.Task is null && asked.Work != work)
        {
            asked.Others.Add(work);
        }

        return asked;
    }

    /// <summary>A handle was returned.</summary>
    public void Told(Asked asked, Delegated reply)
    {
        var id = reply.Task.Id.ToString();
        if (!_books.Tasks.TryGetValue(id, out var booked))
        {
            Break(Rule.DurableFirst, $"the handle {id} was returned, and the journal does not hold it");
        }

        if (asked.Task is { } earlier && earlier != id)
        {
            Break(Rule.OneKey, $"the key {asked.Work.Key} of {asked.From} made {earlier} and {id}");
        }

        if (booked.Key != asked.Work.Key || booked.From.Id != asked.From.ToString())
        {
            Break(Rule.AsAsked, $"{id} was returned for {asked.Work.Key} of {asked.From}, and is {booked.Key} of {booked.From.Id}");
        }

        if ((reply.Created && asked.Task is not null) || reply.Message.Contains("will wake you", StringComparison.Ordinal) != (asked.Work.Wake != WakePolicy.None))
        {
            Break(Rule.AsAsked, $"{asked.Work} was answered with '{reply.Message}'{(reply.Created ? ", as a new task" : "")}");
        }

        asked.Task = id;
    }

    /// <summary>Before a cancel is sent; says what it is about.</summary>
    public IReadOnlyList<string> AskCancel(string task, bool byItsParent)
    {
        _toCancel.Add(task);
        (byItsParent ? _cancelledByParent : _cancelledByOthers).Add(task);
        return [task];
    }

    /// <summary>Before all that a session delegated is cancelled; says what it is about.</summary>
    public IReadOnlyList<string> AskCancelAll(string session)
    {
        _cancelledUnder.Add(session);
        return [.. _books.Sessions[session].Delegated.Where(t => !t.IsSettled).Select(t => t.Id)];
    }

    /// <summary>The reply to a cancel: what it says is cancelled stays so, and nothing begins for it any more.</summary>
    /// <param name="asked">What has to be over by now.</param>
    public void ToldCancelled(CancelReply reply, IReadOnlyList<string> asked)
    {
        if (asked.FirstOrDefault(id => !_books.Tasks[id].IsSettled) is { } open)
        {
            Break(Rule.DurableFirst, $"a cancel was answered, and {open} is {_books.Tasks[open].Status}");
        }

        foreach (var item in reply.Items)
        {
            var task = _books.Tasks[item.Id.ToString()];
            if (!string.Equals(task.Status, item.Status.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                Break(Rule.DurableFirst, $"the reply says that {task.Id} is {item.Status}, and it is {task.Status}");
            }

            task.CancelTold ??= _world.Now;
        }
    }

    /// <summary>Before notices are acknowledged.</summary>
    public void AskAcknowledged(IEnumerable<NoticeId> notices) => _acknowledged.UnionWith(notices.Select(n => n.ToString()));

    /// <summary>It was answered: they are owed no longer.</summary>
    public void ToldAcknowledged(IEnumerable<NoticeId> notices)
    {
        if (notices.Select(n => _books.Notices[n.ToString()]).FirstOrDefault(n => n.IsOwed) is { } owed)
        {
            Break(Rule.DurableFirst, $"{owed.Id} was acknowledged, and is still owed");
        }
    }

    private void CheckDelegated(BookedTask task)
    {
        if (!_asked.TryGetValue((task.From.Id, task.Key ?? ""), out var asked))
        {
            Break(Rule.AsAsked, $"{task.Id} of {task.From.Id} was made, and nobody asked for it");
        }

        var same = task.From.Delegated.Where(t => t.Key == task.Key).ToList();
        if (same.Count > 1)
        {
            Break(Rule.OneKey, $"the key {task.Key} made {string.Join(" and ", same.Select(t => t.Id))}");
        }

        asked.Work = asked.Others.Find(w => IsAsAsked(task, w)) is { } other && !IsAsAsked(task, asked.Work) ? other : asked.Work;
        CheckSpec(task, asked.Work);
        var rules = _world.Options.Rules;
        if (task.From.Depth + 1 > rules.Depth)
        {
            Break(Rule.Limits, $"{task.Id} is at depth {task.From.Depth + 1}, and the limit is {rules.Depth}");
        }

        var open = _books.Tasks.Values.Count(t => !t.IsSettled && t.Crew == task.Crew);
        if (rules.OpenDescendants > 0 && open > rules.OpenDescendants)
        {
            Break(Rule.Limits, $"{open} tasks are open in the crew of {task.Id}, and the limit is {rules.OpenDescendants}");
        }
    }

    private void CheckChild(BookedTask task, BookedSession session)
    {
        if (_world.Harnesses[session.Instance].Find(session.Address) is { Spec: { } spec } && spec.Agent != "worker")
        {
            Break(Rule.AsAsked, $"{session.Instance}/{session.Address} runs {spec.Agent} for {task.Id}");
        }

        if (session.Instance != task.Instance)
        {
            Break(Rule.AsAsked, $"{task.Id} was asked for on {task.Instance}, and its session is on {session.Instance}");
        }
    }
}
