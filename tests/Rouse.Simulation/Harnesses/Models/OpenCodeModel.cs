using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>
/// OpenCode as it was measured, behind Rouse's own adapter for it: look, store, run. The server stores a prompt at once and lets it join a running turn
/// at its next step; it keeps no key for a session but in what it stores with it.
/// </summary>
public sealed partial class OpenCodeModel : HarnessModel
{
    public override HarnessGrade Grade { get; } = new(
        DeliveryGrade.ExactlyOnce, "a prompt is stored under the id that its key makes, once, and can be read back by it", "sim-http", AccountsUsage: false);

    /// <summary>Agents and models that the server does not know.</summary>
    public HashSet<string> Unknown { get; } = new(StringComparer.Ordinal);

    internal override bool ToolsOutliveTheProcess => true;

    internal override bool LosesTextOfTheDead => true;

    internal override bool TurnsOutliveDeletion => true;

    internal override bool DeletesBelow => true;

    internal override void Prompted(SimSession session, SimMessage prompt)
    {
        session.Waiting.Add(prompt);
        Harness.SayChanged(session);
        Run(session, prompt);
    }

    internal override void TakeUpWaiting(SimTurn turn)
    {
        while (turn.Session.Waiting is [var oldest, ..])
        {
            turn.TakeUp(oldest);
        }
    }

    /// <summary>A prompt that came during the last step is answered before the turn ends: none was lost in 210 such races.</summary>
    internal override SimMessage? Joined(SimSession session) => session.Waiting is [.., var newest] ? newest : null;

    /// <summary>What an aborted turn left unanswered joins the next prompt.</summary>
    internal override void Ended(SimSession session)
    {
    }

    internal override void Deleted(SimSession session)
    {
        if (session.Spec is { } spec && _byKey.GetValueOrDefault(spec.Key) == session)
        {
            _byKey.Remove(spec.Key);
        }
    }

    internal override void Booted() => _isCold = true;

    /// <summary>Busy repeats at every step and is no signal; the answer that was begun is.</summary>
    internal override void SayBegan(SimSession session) => Harness.Say(new HarnessSignal.Progress(session.Address.Id));

    /// <summary>The message that ended, and idle: the latter twice after an error or an abort, and then before the former or long after it.</summary>
    internal override void SayEnded(SimSession session, SimTurn turn, bool retried)
    {
        var id = session.Address.Id;
        if (turn.Error is { } error)
        {
            if (!(turn.Stopped && retried))
            {
                Harness.Say(new HarnessSignal.Failed(id, error));
            }

            Harness.SayChanged(session);
            _ = Harness.SayLaterAsync(new HarnessSignal.Changed(id), LateHint * Harness.Time.Random.NextDouble());
        }

        Harness.SayChanged(session);
        Harness.SayChanged(session);
    }
}
