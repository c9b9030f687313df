namespace Rouse.Core;

public sealed partial record Crew
{
    /// <summary>
    /// What an input leads to. Changes nothing; the same state, input and moment give the same decision. An input that does not fit the
    /// state leads to no events and a reply that says so.
    /// </summary>
    public Decision Decide(Input input, Moment moment)
    {
        var deciding = new Deciding(this, moment);
        return deciding.End(input switch
        {
            RegisterSession x => SessionDecisions.Register(deciding, x),
            SessionLost x => SessionDecisions.Lose(deciding, x),
            SessionSeen x => SessionDecisions.See(deciding, x),
            Delegate x => TaskDecisions.Delegate(deciding, x),
            CancelTask x => TaskDecisions.Cancel(deciding, x),
            CancelAll x => TaskDecisions.CancelAll(deciding, x),
            DeadlinePassed x => TaskDecisions.PassDeadline(deciding, x),
            StartAttempt x => AttemptDecisions.Start(deciding, x),
            ResumeTask x => AttemptDecisions.Resume(deciding, x),
            ChildSeen x => AttemptDecisions.SeeChild(deciding, x),
            DispatchPrompt x => AttemptDecisions.Dispatch(deciding, x),
            WithdrawPrompt x => AttemptDecisions.Withdraw(deciding, x),
            PromptSeen x => AttemptDecisions.SeePrompt(deciding, x),
            AttemptFailed x => AttemptDecisions.Fail(deciding, x),
            AttemptLost x => AttemptDecisions.Lose(deciding, x),
            AttemptStopped x => AttemptDecisions.SeeStopped(deciding, x),
            Acknowledge x => MailboxDecisions.Acknowledge(deciding, x),
            HoldWake x => WakeDecisions.Hold(deciding, x),
            LeaseWake x => WakeDecisions.Lease(deciding, x),
            ReleaseWake x => WakeDecisions.Release(deciding, x),
            WakeSent x => WakeDecisions.Send(deciding, x),
            WakeFound x => WakeDecisions.Find(deciding, x),
            NudgeFound x => WakeDecisions.Nudge(deciding, x),
            WithdrawNudge x => WakeDecisions.WithdrawNudge(deciding, x),
            AbandonWake x => WakeDecisions.Abandon(deciding, x),
            _ => throw new InvalidOperationException($"'{input.GetType().Name}' is no input of a crew."),
        });
    }
}
