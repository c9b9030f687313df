using Rouse.Core;

namespace Rouse.Simulation;

/// <summary>
/// News of what is over, as a node brings it that stood still while another one went on. One node alone never brings it, so the core itself is asked
/// what it would make of it: nothing may come of it.
/// </summary>
public sealed partial class Oracle
{
    private void ProbeOldAttempt(BookedTask task)
    {
        var (id, old) = (TaskId.Parse(task.Id), task.Current.Number - 1);
        var error = new TaskError(FailureClass.Request, "probe", "It failed.");
        Probe(
            id.Crew, $"attempt {old} of {id}", new AttemptFailed(id, old, error, MayRun: true, _ => []), new AttemptLost(id, old, "probe", "It is lost."),
            new PromptSeen(id, old, "probe"));
    }

    private void ProbeOldEpoch(BookedWake wake)
    {
        if (wake.Epoch > 1)
        {
            var (id, old) = (WakeId.Parse(wake.Id), wake.Epoch - 1);
            Probe(id.Crew, $"epoch {old} of {id}", new ReleaseWake(id, old, "probe"), new WakeSent(id, old, "probe", Certain: false));
        }
    }

    private void Probe(CrewId id, string what, params ReadOnlySpan<Input> news)
    {
        var crew = _world.Journal.Replay(id);
        foreach (var input in news)
        {
            if (crew.Decide(input, new Moment(_world.Now, _world.Options.Rules)).Events is [var e, ..])
            {
                Break(Rule.Epoch, $"{input.GetType().Name} of {what} changes something: {EventCodec.NameOf(e)}");
            }
        }
    }
}
