using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>A state changes on evidence only: what the journal says must stand in the histories.</summary>
public sealed partial class Oracle
{
    private void CheckAdmitted(BookedWake wake)
    {
        if (_world.Harnesses[wake.Session.Instance].Find(wake.Session.Address) is { } session && session.Entries(wake.Key) == 0)
        {
            Break(Rule.Evidence, $"{wake.Id} counts as admitted, and {session.Address} does not hold its key");
        }
    }

    private void CheckConsumed(BookedWake wake, string was)
    {
        if (was != "admitted")
        {
            Break(Rule.Evidence, $"{wake.Id} counts as consumed while it was {was}");
        }

        if (_world.Harnesses[wake.Session.Instance].Find(wake.Session.Address) is not { } session)
        {
            return;
        }

        if (!session.Messages.SkipWhile(m => m.Key != wake.Key).Any(IsOutput) && !session.Messages.Any(m => m.Answers?.Key == wake.Key && IsOutput(m)))
        {
            Break(Rule.Evidence, $"{wake.Id} counts as consumed, and no turn with output follows it in {session.Address}");
        }
    }

    private void CheckOutcome(BookedTask task)
    {
        var session = task.Current.Session is { } booked ? _world.Harnesses[booked.Instance].Find(booked.Address) : null;
        switch (task.Status)
        {
            case "completed" when task.Output is null:
                Break(Rule.Evidence, $"{task.Id} completed without output");
                break;
            case "completed" when session is not null && !session.Messages.Exists(m => IsOutput(m) && m.Text == _world.Journal.Body(new BodyRef(task.Output!, Size: 0))):
                Break(Rule.Evidence, $"{task.Id} completed with a result that {session.Address} does not hold");
                break;
            case "lost" when session is not null && task.Reason != "unreachable" && !(task.Reason == "prompt-unknown" && CanOnlyGuess(task.Instance)):
                Break(Rule.Evidence, $"{task.Id} is lost ({task.Reason}), and {session.Address} is there");
                break;
            case "failed" when task.Reason == "deadline" && task.Deadline > _world.Now + _world.ClockIsOffBy:
                Break(Rule.Evidence, $"{task.Id} failed by its deadline {task.Deadline:O} before it had come");
                break;
            case "cancelled" when task.Reason == "cancelled" && !IsToCancel(task) && !Above(task).Any(IsToCancel):
                Break(Rule.Evidence, $"{task.Id} was cancelled, and nobody asked for it");
                break;
        }
    }

    /// <summary>The harness keeps no keys: what became of a send that broke is never known.</summary>
    private bool CanOnlyGuess(string instance) => _world.Harnesses[instance].Grade.Delivery == DeliveryGrade.AtMostOnce;

    private bool IsToCancel(BookedTask task) => _toCancel.Contains(task.Id) || _cancelledUnder.Contains(task.From.Id);

    private static IEnumerable<BookedTask> Above(BookedTask task)
    {
        for (var session = task.From; session is not null; session = session.Parent)
        {
            if (session.Task is { } above)
            {
                yield return above;
            }
        }
    }

    private static bool IsOutput(SimMessage m) =>
        m is { Origin: MessageOrigin.Agent, Ended: true, CallsTools: false, Error: null } && !string.IsNullOrWhiteSpace(m.Text);
}
