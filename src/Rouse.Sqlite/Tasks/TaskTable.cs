using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>Writes tasks. An idempotency key belongs to one task of the session that used it.</summary>
internal sealed class TaskTable(Connection connection)
{
    private readonly Statement _holder = connection.Prepared("SELECT number FROM tasks WHERE crew = ?1 AND session = ?2 AND key = ?3");

    // Who delegated it, when and under which key never changes; naming those columns here would rewrite their indexes with every status.
    private readonly Statement _put = connection.Prepared(
        """
        INSERT INTO tasks(crew, number, session, status, created, key, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT(number, crew) DO UPDATE SET status = ?4, data = ?7
        """);

    /// <param name="crew">Null when the crew has never written.</param>
    public CommitResult? Refusal(CrewTable.Entry? crew, IReadOnlyList<TaskRow> tasks)
    {
        for (var i = 0; i < tasks.Count; i++)
        {
            var task = tasks[i];
            if (task.Key is { } key && (Holder(crew, task) ?? EarlierHolder(tasks, i)) is { } holder && holder != task.Id)
            {
                return new CommitResult.KeyTaken(task.From, key, holder);
            }
        }

        return null;
    }

    public void Put(long crew, TaskRow task) =>
        _put.Bind(1, crew).Bind(2, task.Id.Number).Bind(3, task.From.Number).Bind(4, (int)task.Status).Bind(5, task.CreatedAt)
            .Bind(6, task.Key).BindUtf8(7, task.Data.Span).Run();

    private static TaskId? EarlierHolder(IReadOnlyList<TaskRow> tasks, int before)
    {
        for (var i = 0; i < before; i++)
        {
            if (tasks[i].Key == tasks[before].Key && tasks[i].From == tasks[before].From)
            {
                return tasks[i].Id;
            }
        }

        return null;
    }

    private TaskId? Holder(CrewTable.Entry? crew, TaskRow task)
    {
        if (crew is null)
        {
            return null;
        }

        using var rows = _holder.Bind(1, crew.Id).Bind(2, task.From.Number).Bind(3, task.Key).Query();
        return rows.Read() ? new TaskId(task.Id.Crew, rows.Int32(0)) : null;
    }
}
