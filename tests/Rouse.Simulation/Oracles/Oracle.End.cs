using Rouse.Core;

namespace Rouse.Simulation;

/// <summary>What must hold when the faults have stopped and nothing is owed.</summary>
public sealed partial class Oracle
{
    public void AtTheEnd()
    {
        foreach (var task in _books.Tasks.Values)
        {
            CheckEnd(task);
        }

        foreach (var asked in _asked.Values.Where(a => a.Task is not null))
        {
            if (!_books.Tasks.ContainsKey(asked.Task!))
            {
                Break(Rule.DurableFirst, $"{asked.Task} was acknowledged and is not there");
            }
        }

        foreach (var (lane, held) in _books.Held)
        {
            if (held != 0)
            {
                Break(Rule.Lanes, $"{held} slots of the lane {lane} are held by nobody");
            }
        }

        foreach (var harness in _world.Harnesses.Values)
        {
            CheckEnd(harness);
        }
    }

    private void CheckEnd(BookedTask task)
    {
        if (!task.IsSettled)
        {
            Break(Rule.Liveness, $"{task.Id} is {task.Status}");
        }

        foreach (var notice in task.Notices)
        {
            var there = _world.Harnesses[notice.Session.Instance].Find(notice.Session.Address) is not null;
            var living = !IsOver(notice.Session);
            switch (notice.State)
            {
                case "owed" when notice.Wakes || !living:
                    Break(Rule.Liveness, $"{notice.Id} of {task.Id} ({task.Status}) is still owed to {notice.Session.Id}");
                    break;
                case "acknowledged" when !_acknowledged.Contains(notice.Id):
                    Break(Rule.Evidence, $"{notice.Id} counts as acknowledged, and nobody did it");
                    break;
                case "consumed" when there && !_told.GetValueOrDefault(new Address(notice.Session.Instance, notice.Session.Address), []).Contains(task.Id):
                    Break(Rule.Evidence, $"{notice.Id} counts as consumed, and {notice.Session.Address} was never told of {task.Id}");
                    break;
                case "dead-lettered" when there && living && !MayBeDead(notice):
                    Break(Rule.NothingForgotten, $"{notice.Id} of {task.Id} is a dead letter ({notice.Wake?.DeadLetter}), and {notice.Session.Id} is there to read it");
                    break;
            }
        }
    }

    /// <summary>People are to look when two turns brought nothing, and when it cannot be known whether a prompt arrived.</summary>
    private bool MayBeDead(BookedNotice notice) => notice.Wake?.DeadLetter switch
    {
        "NotConsumed" => true,
        "Unknown" => true, // checked when it became one
        "NotBegun" => CanOnlyGuess(notice.Session.Instance),
        _ => false,
    };

    private void CheckEnd(SimHarness harness)
    {
        foreach (var session in harness.Sessions.Where(s => s is { Turn.Prompt: { Key: { } key, Late: false } } && !IsGivenUp(key)))
        {
            if ((session.Spec is not null || session.Parent is not null) && !IsLeftBehind(_books.At(harness.Instance, session.Address.Id)))
            {
                Break(Rule.Liveness, $"{session.Address} is still at work");
            }
        }
    }

    /// <summary>A person deleted the session above it, which no task made: what goes on below is the harness's own, and not Rouse's to stop.</summary>
    private static bool IsLeftBehind(BookedSession? session)
    {
        for (var above = session; above is { Task: null }; above = above.Parent)
        {
            if (above is { Parent: null, Gone: true })
            {
                return true;
            }
        }

        return false;
    }
}
