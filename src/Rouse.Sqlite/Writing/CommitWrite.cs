using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>
/// A commit on its way into a transaction that it shares with others. It is checked in full before its first row is written, against
/// what the earlier commits of the transaction have written, so that a refusal leaves no trace.
/// </summary>
internal sealed class CommitWrite
{
    private readonly Commit _commit;

    /// <exception cref="ArgumentException">The commit breaks the contract.</exception>
    public CommitWrite(Commit commit)
    {
        CommitRules.Check(commit);
        _commit = commit;
    }

    public CommitResult Apply(Tables tables)
    {
        var crew = tables.Crews.Find(_commit.Crew);
        return Refusal(tables, crew) ?? Write(tables, crew ?? tables.Crews.Add(_commit.Crew));
    }

    private CommitResult? Refusal(Tables tables, CrewTable.Entry? crew)
    {
        var version = crew?.Version ?? 0;
        if (version != _commit.ExpectedVersion)
        {
            return new CommitResult.VersionConflict(version);
        }

        return tables.Sessions.Refusal(_commit.Sessions)
            ?? tables.Tasks.Refusal(crew, _commit.Tasks)
            ?? tables.Slots.Refusal(_commit);
    }

    private CommitResult.Committed Write(Tables tables, CrewTable.Entry crew)
    {
        foreach (var added in _commit.Events)
        {
            tables.Events.Append(crew, added);
        }

        tables.Crews.Put(crew);

        foreach (var body in _commit.Bodies)
        {
            tables.Bodies.Add(body);
        }

        foreach (var session in _commit.Sessions)
        {
            tables.Sessions.Put(crew.Id, session);
        }

        foreach (var task in _commit.Tasks)
        {
            tables.Tasks.Put(crew.Id, task);
        }

        foreach (var notice in _commit.Notices)
        {
            tables.Notices.Put(crew.Id, notice);
        }

        foreach (var wake in _commit.Wakes)
        {
            tables.Wakes.Put(crew.Id, wake);
        }

        // Settled before owed: a key that stands in both is owed.
        foreach (var key in _commit.Settled)
        {
            tables.Obligations.Remove(crew.Id, key);
        }

        foreach (var owed in _commit.Owed)
        {
            tables.Obligations.Put(crew.Id, owed);
        }

        foreach (var slot in _commit.SlotsFreed)
        {
            tables.Slots.Free(crew.Id, slot);
        }

        foreach (var slot in _commit.SlotsTaken)
        {
            tables.Slots.Take(crew.Id, slot);
        }

        if (_commit.Snapshot is { } snapshot)
        {
            tables.Crews.PutSnapshot(crew, snapshot.Span);
        }

        return new CommitResult.Committed(crew.Last);
    }
}
