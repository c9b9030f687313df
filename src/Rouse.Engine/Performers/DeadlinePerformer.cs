using Rouse.Core;

namespace Rouse.Engine;

/// <summary>Tells a crew that a task's deadline has passed.</summary>
internal sealed class DeadlinePerformer(CrewHost crews) : IPerformer
{
    public ObligationKind Kind => ObligationKind.Deadline;

    public async Task<Performed> PerformAsync(Performance performance, CancellationToken cancellationToken)
    {
        await crews.SubmitAsync(performance.Crew, new DeadlinePassed(performance.Task));
        return Performed.Wait;
    }
}
