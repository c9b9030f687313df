namespace Rouse.Simulation;

/// <summary>The rules that the oracle holds, as a failing run names them. The numbers are those of the invariants in the design.</summary>
internal static class Rule
{
    public const string DurableFirst = "1 durable before acknowledged";
    public const string OneOutcome = "2 one outcome a run";
    public const string OneNotice = "3 every outcome makes one notice at its return address";
    public const string NothingForgotten = "4 nothing owed is forgotten";
    public const string ToldOnce = "5 no notice enters a history twice";
    public const string OneWakeInFlight = "6 one wake in flight a session";
    public const string Gate = "7 a closed gate is never passed";
    public const string Lanes = "8 lanes hold";
    public const string StaysCancelled = "9 cancelled stays cancelled";
    public const string Limits = "10 limits cannot be walked around";
    public const string Quiescent = "11 completion is quiescent";
    public const string NoPerson = "12 a wake never passes for a person";
    public const string Evidence = "a state changes on evidence only";
    public const string Batching = "a wake waits for its group, and a failure for nobody";
    public const string OneKey = "an idempotency key makes one task";
    public const string RunOnce = "work is not run twice";
    public const string Epoch = "a lease is held by its newest epoch";
    public const string Projections = "what queries read is what happened";
    public const string Liveness = "when the faults stop, all that is owed settles";
    public const string Events = "every event is told once and in order";
    public const string NoStorm = "every retry backs off";
    public const string Prompt = "what can go on goes on at once";
    public const string AsAsked = "what is recorded and sent is what was asked";
}
