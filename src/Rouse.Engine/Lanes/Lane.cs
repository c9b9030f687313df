using Rouse.Core;

namespace Rouse.Engine;

/// <summary>
/// Which attempts hold slots of one lane, as this node knows it, and to which a slot is promised while their start is being committed. Not
/// thread-safe; the scheduler guards it.
/// </summary>
internal sealed class Lane(int? limit)
{
    private readonly Dictionary<(TaskId Task, int Attempt), Claim> _claims = [];
    private readonly Dictionary<CrewId, int> _perCrew = [];

    [Flags]
    private enum Claim
    {
        None = 0,
        Held = 1,
        Promised = 2,
    }

    public bool HasRoom => limit is not { } most || _claims.Count < most;

    public int RunningOf(CrewId crew) => _perCrew.GetValueOrDefault(crew);

    public void Take(TaskId task, int attempt) => Add(task, attempt, Claim.Held);

    public void Free(TaskId task, int attempt) => Remove(task, attempt, Claim.Held);

    public void Promise(TaskId task, int attempt) => Add(task, attempt, Claim.Promised);

    /// <summary>The start was committed, and the slot is held now; or it was not, and the slot is free again.</summary>
    public void EndPromise(TaskId task, int attempt) => Remove(task, attempt, Claim.Promised);

    /// <summary>What the crew holds is told anew; promises stand.</summary>
    public void Forget(CrewId crew)
    {
        foreach (var (task, attempt) in _claims.Keys.Where(k => k.Task.Crew == crew && !Sabotage.KeepsSlotsThatAReloadDenies).ToList())
        {
            Free(task, attempt);
        }
    }

    private void Add(TaskId task, int attempt, Claim claim)
    {
        var before = _claims.GetValueOrDefault((task, attempt));
        _claims[(task, attempt)] = before | claim;
        if (before == Claim.None)
        {
            _perCrew[task.Crew] = RunningOf(task.Crew) + 1;
        }
    }

    private void Remove(TaskId task, int attempt, Claim claim)
    {
        if (!_claims.TryGetValue((task, attempt), out var before))
        {
            return;
        }

        if ((before & ~claim) is not Claim.None and var left)
        {
            _claims[(task, attempt)] = left;
            return;
        }

        _claims.Remove((task, attempt));
        if (RunningOf(task.Crew) is > 1 and var running)
        {
            _perCrew[task.Crew] = running - 1;
        }
        else
        {
            _perCrew.Remove(task.Crew);
        }
    }
}
