using Rouse.Core;

namespace Rouse.Engine;

/// <summary>Which attempts hold slots of one lane, as this node knows it. Not thread-safe; the scheduler guards it.</summary>
internal sealed class Lane(int? limit)
{
    private readonly HashSet<(TaskId Task, int Attempt)> _held = [];
    private readonly Dictionary<CrewId, int> _perCrew = [];

    public bool HasRoom => limit is not { } most || _held.Count < most;

    public int RunningOf(CrewId crew) => _perCrew.GetValueOrDefault(crew);

    public bool Holds(TaskId task, int attempt) => _held.Contains((task, attempt));

    public void Take(TaskId task, int attempt)
    {
        if (_held.Add((task, attempt)))
        {
            _perCrew[task.Crew] = RunningOf(task.Crew) + 1;
        }
    }

    public void Forget(CrewId crew)
    {
        _held.RemoveWhere(h => h.Task.Crew == crew);
        _perCrew.Remove(crew);
    }

    public void Free(TaskId task, int attempt)
    {
        if (_held.Remove((task, attempt)))
        {
            var left = RunningOf(task.Crew) - 1;
            if (left == 0)
            {
                _perCrew.Remove(task.Crew);
            }
            else
            {
                _perCrew[task.Crew] = left;
            }
        }
    }
}
