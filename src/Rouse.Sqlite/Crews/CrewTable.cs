using Rouse.Core;

namespace Rouse.Sqlite;

/// <summary>Knows the number, the version and the newest event of crews, and keeps their snapshots.</summary>
internal sealed class CrewTable(Connection connection)
{
    // Some 10 MB. Beyond it all are forgotten at once: nothing on the way of a commit may grow with what was.
    private const int MostRemembered = 100_000;

    private readonly Statement _find = connection.Prepared("SELECT id, version, last FROM crews WHERE stem = ?1");

    private readonly Statement _put = connection.Prepared(
        "INSERT INTO crews(id, stem, version, last) VALUES (?1, ?2, ?3, ?4) ON CONFLICT(id) DO UPDATE SET version = ?3, last = ?4");

    private readonly Statement _putSnapshot = connection.Prepared(
        "INSERT INTO snapshots(crew, version, data) VALUES (?1, ?2, ?3) ON CONFLICT(crew) DO UPDATE SET version = ?2, data = ?3");

    private readonly Dictionary<CrewId, Entry> _remembered = [];
    private long? _lastId;

    /// <summary>Null when the crew has never written.</summary>
    public Entry? Find(CrewId crew)
    {
        if (_remembered.TryGetValue(crew, out var entry))
        {
            return entry;
        }

        using var rows = _find.Bind(1, crew.Stem).Query();
        return rows.Read() ? Remember(new Entry(rows.Int64(0), crew) { Version = rows.Int64(1), Last = rows.Int64(2) }) : null;
    }

    /// <summary>A crew that has never written; it is stored with <see cref="Put"/>.</summary>
    public Entry Add(CrewId crew)
    {
        var id = (_lastId ?? connection.Number("SELECT max(id) FROM crews")) + 1;
        _lastId = id;
        return Remember(new Entry(id, crew));
    }

    public void Put(Entry crew) => _put.Bind(1, crew.Id).Bind(2, crew.Crew.Stem).Bind(3, crew.Version).Bind(4, crew.Last).Run();

    public void PutSnapshot(Entry crew, ReadOnlySpan<byte> snapshot) =>
        _putSnapshot.Bind(1, crew.Id).Bind(2, crew.Version).BindBlob(3, snapshot).Run();

    /// <summary>A transaction was undone: what is remembered may be of it.</summary>
    public void Forget()
    {
        _remembered.Clear();
        _lastId = null;
    }

    private Entry Remember(Entry entry)
    {
        if (_remembered.Count >= MostRemembered)
        {
            _remembered.Clear();
        }

        _remembered.Add(entry.Crew, entry);
        return entry;
    }

    /// <summary>A crew as the transaction under way has it.</summary>
    public sealed class Entry(long id, CrewId crew)
    {
        public long Id => id;

        public CrewId Crew => crew;

        public long Version { get; set; }

        /// <summary>The position of its newest event; 0 when it has none.</summary>
        public long Last { get; set; }
    }
}
