using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>Writes who holds the slots of lanes, and says whether a lane would hold too many.</summary>
internal sealed class SlotTable(Connection connection, CrewTable crews)
{
    // Counts no further than needed: a lane's index may be long and its limit short.
    private readonly Statement _count = connection.Prepared("SELECT count(*) FROM (SELECT 1 FROM slots WHERE lane = ?1 LIMIT ?2)");

    private readonly Statement _holds = connection.Prepared(
        "SELECT 1 FROM slots WHERE lane = ?1 AND crew = ?2 AND task = ?3 AND attempt = ?4");

    private readonly Statement _take = connection.Prepared("INSERT OR IGNORE INTO slots(lane, crew, task, attempt) VALUES (?1, ?2, ?3, ?4)");

    private readonly Statement _free = connection.Prepared(
        "DELETE FROM slots WHERE lane = ?1 AND crew = ?2 AND task = ?3 AND attempt = ?4");

    public CommitResult? Refusal(Commit commit)
    {
        foreach (var guard in commit.Guards)
        {
            var change = Change(commit, guard.Lane);
            if (Count(guard.Lane, (long)guard.Limit - change + 1) + change > guard.Limit)
            {
                return new CommitResult.LaneFull(guard.Lane);
            }
        }

        return null;
    }

    public void Take(long crew, Slot slot) => Bind(_take, crew, slot).Run();

    public void Free(long crew, Slot slot) => Bind(_free, crew, slot).Run();

    private static Statement Bind(Statement statement, long crew, Slot slot) =>
        statement.Bind(1, slot.Lane).Bind(2, crew).Bind(3, slot.Task.Number).Bind(4, slot.Attempt);

    /// <summary>By how many slots the commit changes the lane, with the freed ones first. What is taken twice counts once.</summary>
    private int Change(Commit commit, string lane)
    {
        var freed = commit.SlotsFreed.Where(slot => slot.Lane == lane).ToHashSet();
        var taken = commit.SlotsTaken.Where(slot => slot.Lane == lane).ToHashSet();
        var crew = crews.Find(commit.Crew)?.Id;
        return taken.Count(slot => freed.Contains(slot) || !Holds(crew, slot)) - freed.Count(slot => Holds(crew, slot));
    }

    private bool Holds(long? crew, Slot slot)
    {
        if (crew is not { } known)
        {
            return false;
        }

        using var rows = Bind(_holds, known, slot).Query();
        return rows.Read();
    }

    private long Count(string lane, long most)
    {
        using var rows = _count.Bind(1, lane).Bind(2, Math.Max(0, most)).Query();
        return rows.Read() ? rows.Int64(0) : 0;
    }
}
