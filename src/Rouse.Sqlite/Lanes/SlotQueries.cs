using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>Reads who holds slots.</summary>
internal static class SlotQueries
{
    private const string All =
        "SELECT s.lane, c.stem, s.task, s.attempt FROM slots s JOIN crews c ON c.id = s.crew ORDER BY s.lane, c.stem, s.task, s.attempt";

    public static List<Slot> List(Connection connection)
    {
        var slots = new List<Slot>();
        using var rows = connection.Prepared(All).Query();
        while (rows.Read())
        {
            slots.Add(new Slot(rows.Text(0), new TaskId(new CrewId(rows.Text(1)), rows.Int32(2)), rows.Int32(3)));
        }

        return slots;
    }
}
