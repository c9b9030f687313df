using Rouse.Core;

namespace Rouse.Engine;

/// <summary>What bringing a wake and confirming it share: holding it where the gate is closed, and giving it up.</summary>
internal abstract class WakePerformer(CrewHost crews, InstanceLinks links, EngineOptions options, SteadyTime time) : PerformerBase(crews, links, options, time)
{
    /// <summary>It waits, and people can see why: until the session changes, or time alone may have opened the gate.</summary>
    /// <param name="why">In words where there are more of them than in the reason.</param>
    protected async Task<Performed> HoldAsync(Performance p, Wake wake, string reason, TimeSpan? lookAfter, string? why = null)
    {
        await SubmitAsync(p, new HoldWake(wake.Id, reason));
        return LookAgain(lookAfter, why ?? reason);
    }

    /// <summary>It is never sent again: people are to look.</summary>
    protected async Task<Performed> AbandonAsync(Performance p, Wake wake, string reason)
    {
        await SubmitAsync(p, new AbandonWake(wake.Id, reason));
        return Performed.Wait;
    }

    protected Task<Performed> AbandonAsync(Performance p, Wake wake, TaskError refused) => AbandonAsync(p, wake, $"Refused: {refused.Reason}");

    /// <summary>A change of the session comes as a signal; a look now and then is for a harness that forgets to send it.</summary>
    protected Performed LookAgain(TimeSpan? after, string why) =>
        Sabotage.TrustsSignalsAlone ? Performed.Wait : new Performed.At(Now + (after ?? Options.LookAgain), why);
}
