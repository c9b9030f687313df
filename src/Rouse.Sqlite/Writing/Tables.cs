namespace Rouse.Sqlite;

/// <summary>Everything that the writer writes, a class for each concept. Used on the writer's thread only.</summary>
internal sealed class Tables
{
    public Tables(Connection connection)
    {
        Begin = connection.Prepared("BEGIN IMMEDIATE");
        Commit = connection.Prepared("COMMIT");
        Rollback = connection.Prepared("ROLLBACK");
        Crews = new CrewTable(connection);
        Events = new EventTable(connection);
        Bodies = new BodyTable(connection);
        Sessions = new SessionTable(connection);
        Tasks = new TaskTable(connection);
        Notices = new NoticeTable(connection);
        Wakes = new WakeTable(connection);
        Obligations = new ObligationTable(connection);
        Slots = new SlotTable(connection, Crews);
        Transcripts = new TranscriptTable(connection);
    }

    public Statement Begin { get; }

    public Statement Commit { get; }

    public Statement Rollback { get; }

    public CrewTable Crews { get; }

    public EventTable Events { get; }

    public BodyTable Bodies { get; }

    public SessionTable Sessions { get; }

    public TaskTable Tasks { get; }

    public NoticeTable Notices { get; }

    public WakeTable Wakes { get; }

    public ObligationTable Obligations { get; }

    public SlotTable Slots { get; }

    public TranscriptTable Transcripts { get; }

    /// <summary>A transaction was undone: drops what is remembered of the file.</summary>
    public void Forget()
    {
        Crews.Forget();
        Events.Forget();
    }
}
