using Rouse.Core;

namespace Rouse.Engine;

/// <summary>Tells a crew that a task's deadline has passed.</summary>
internal sealed class DeadlinePerformer(CrewHost crews, SteadyTime time) : IPerformer
{
    public ObligationKind Kind => ObligationKind.Deadline;

    /// <summary>The clock may have been set back since it was due.</summary>
    public async Task<Performed> PerformAsync(Performance performance, CancellationToken cancellationToken) =>
        await crews.SubmitAsync(performance.Crew, new DeadlinePassed(performance.Task)) is Reply.LookAgain { After: { } after } x
            ? new Performed.At(time.GetUtcNow() + after, x.Why)
            : Performed.Wait;
}
