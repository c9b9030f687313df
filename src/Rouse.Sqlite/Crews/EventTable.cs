using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>Appends to the log.</summary>
internal sealed class EventTable(Connection connection)
{
    private readonly Statement _append = connection.Prepared(
        "INSERT INTO events(position, crew, version, previous, at, type, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");

    private long? _last;

    /// <summary>Appends the next event of the crew.</summary>
    public void Append(CrewTable.Entry crew, NewEvent added)
    {
        var position = (_last ?? connection.Number("SELECT max(position) FROM events")) + 1;
        _append.Bind(1, position).Bind(2, crew.Id).Bind(3, crew.Version + 1).Bind(4, crew.Last).Bind(5, added.At).Bind(6, added.Type)
            .BindUtf8(7, added.Data.Span).Run();
        crew.Version++;
        crew.Last = position;
        _last = position;
    }

    /// <summary>A transaction was undone: the remembered position may be of it.</summary>
    public void Forget() => _last = null;
}
