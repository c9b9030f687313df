using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>Reads tasks.</summary>
internal static class TaskQueries
{
    private const string Tasks =
        "SELECT c.stem, t.number, t.session, t.status, t.created, t.key, t.data FROM tasks t JOIN crews c ON c.id = t.crew";

    private const string ById = $"{Tasks} WHERE c.stem = ?1 AND t.number = ?2";
    private const string ByKey = $"{Tasks} WHERE c.stem = ?1 AND t.session = ?2 AND t.key = ?3";
    private const string PlaceOf = "SELECT t.id FROM tasks t JOIN crews c ON c.id = t.crew WHERE c.stem = ?1 AND t.number = ?2";

    public static TaskRow? Find(Connection connection, TaskId task) =>
        First(connection.Prepared(ById).Bind(1, task.Crew.Stem).Bind(2, task.Number));

    public static TaskRow? Find(Connection connection, SessionId from, string key) =>
        First(connection.Prepared(ByKey).Bind(1, from.Crew.Stem).Bind(2, from.Number).Bind(3, key));

    public static List<TaskRow> List(Connection connection, TaskQuery query)
    {
        var tasks = new List<TaskRow>();
        if (query is { Session: { } session, Crew: { } crew } && session.Crew != crew)
        {
            return tasks;
        }

        if (Place.Of(connection, PlaceOf, query.After?.Crew, query.After?.Number) is not { } place)
        {
            return tasks;
        }

        var page = connection.Prepared(TaskPages.For(query)).Bind(1, place).Bind(2, query.Most);
        if (query.Statuses is not null)
        {
            page.Bind(3, TaskPages.Mask(query.Statuses));
        }

        if ((query.Session?.Crew ?? query.Crew) is { } within)
        {
            page.Bind(4, within.Stem);
        }

        if (query.Session is { } from)
        {
            page.Bind(5, from.Number);
        }

        using var rows = page.Query();
        while (rows.Read())
        {
            tasks.Add(Row(rows));
        }

        return tasks;
    }

    private static TaskRow? First(Statement statement)
    {
        using var rows = statement.Query();
        return rows.Read() ? Row(rows) : null;
    }

    private static TaskRow Row(Rows rows)
    {
        var crew = new CrewId(rows.Text(0));
        return new TaskRow(
            new TaskId(crew, rows.Int32(1)),
            new SessionId(crew, rows.Int32(2)),
            (AgentTaskStatus)rows.Int32(3),
            rows.Time(4),
            rows.TextOrNull(5),
            rows.Bytes(6));
    }
}
