using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What callers asked and were told.</summary>
public sealed partial class Oracle
{
    private readonly Dictionary<(string From, string Key), Asked> _asked = [];
    private readonly HashSet<string> _toCancel = new(StringComparer.Ordinal);
    private readonly HashSet<string> _cancelledUnder = new(StringComparer.Ordinal);
    private readonly HashSet<string> _acknowledged = new(StringComparer.Ordinal);

    /// <summary>Before a request is sent.</summary>
    public Asked Ask(SessionId from, Work work)
    {
        if (!_asked.TryGetValue((from.ToString(), work.Key), out var asked))
        {
            _asked[(from.ToString(), work.Key)] = asked = new Asked(from, work);
        }

        return asked;
    }

    /// <summary>A handle was returned.</summary>
    public void Told(Asked asked, TaskView task)
    {
        var id = task.Id.ToString();
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

        asked.Task = id;
    }

    /// <summary>Before a cancel is sent.</summary>
    public void AskCancel(string task) => _toCancel.Add(task);

    /// <summary>Before all that a session delegated is cancelled.</summary>
    public void AskCancelAll(string session) => _cancelledUnder.Add(session);

    /// <summary>The reply to a cancel: what it says is cancelled stays so, and nothing begins for it any more.</summary>
    public void ToldCancelled(CancelReply reply)
    {
        foreach (var item in reply.Items)
        {
            var task = _books.Tasks[item.Id.ToString()];
            if (!task.IsSettled)
            {
                Break(Rule.DurableFirst, $"the reply says that {task.Id} is {item.Status}, and it is {task.Status}");
            }

            task.CancelTold ??= _world.Now;
        }
    }

    /// <summary>Before notices are acknowledged.</summary>
    public void AskAcknowledged(IEnumerable<NoticeId> notices) => _acknowledged.UnionWith(notices.Select(n => n.ToString()));

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

        var work = asked.Work;
        if (!string.Equals(task.Wake, work.Wake.ToString(), StringComparison.OrdinalIgnoreCase) || task.Group != (work.Group ?? "")
            || task.Instance != (work.Instance ?? task.From.Instance))
        {
            Break(Rule.AsAsked, $"{task.Id} is recorded with wake {task.Wake}, group '{task.Group}', instance {task.Instance}; asked was {work}");
        }

        var rules = _world.Options.Rules;
        if (task.From.Depth + 1 > rules.Depth)
        {
            Break(Rule.Limits, $"{task.Id} is at depth {task.From.Depth + 1}, and the limit is {rules.Depth}");
        }

        var open = _books.Tasks.Values.Count(t => !t.IsSettled && Books.CrewOf(t.Id) == Books.CrewOf(task.Id));
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
