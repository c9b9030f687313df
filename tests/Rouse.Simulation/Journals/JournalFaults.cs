using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What goes wrong in the store.</summary>
public sealed class JournalFaults
{
    private readonly List<(Func<Commit, bool> Match, CommitFault Fault)> _once = [];
    private readonly Dictionary<int, CommitFault> _at = [];
    private (int Read, ReadFault Fault) _atRead;

    /// <summary>No commit works until it is told otherwise.</summary>
    public bool DiskFull { get; set; }

    public bool Unreadable { get; set; }

    /// <summary>How long a slow commit or read takes.</summary>
    public TimeSpan SlowBy { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Asked for every commit that no other fault meets.</summary>
    public Func<Commit, CommitFault>? Each { get; set; }

    /// <summary>Asked for every read.</summary>
    public Func<ReadFault>? EachRead { get; set; }

    /// <summary>How often a commit or a read has failed, or a commit was done and not acknowledged.</summary>
    public int Struck { get; private set; }

    /// <summary>How many slow reads have been begun.</summary>
    public int SlowReads { get; private set; }

    /// <summary>How many commits were tried; the newest one has this number.</summary>
    public int Commits { get; private set; }

    /// <summary>How many reads were tried; the newest one has this number.</summary>
    public int Reads { get; private set; }

    /// <summary>Meets the next commit that holds an event of this type.</summary>
    public void Once(string eventType, CommitFault fault) => _once.Add((c => c.Events.Any(e => e.Type == eventType), fault));

    /// <summary>Meets the commit with this number, from 1 in the order in which they are tried.</summary>
    public void At(int commit, CommitFault fault) => _at.Add(commit, fault);

    /// <summary>Meets the read with this number, from 1 in the order in which they are tried.</summary>
    public void AtRead(int read, ReadFault fault) => _atRead = (read, fault);

    public CommitFault Of(Commit commit)
    {
        var fault = Next(commit);
        Struck += fault is CommitFault.FailsBefore or CommitFault.Conflicts ? 1 : 0;
        return fault;
    }

    /// <summary>A commit was done, and nobody is told.</summary>
    public void Strike() => Struck++;

    public ReadFault OfRead()
    {
        var fault = ++Reads == _atRead.Read ? _atRead.Fault : Unreadable ? ReadFault.Fails : EachRead?.Invoke() ?? ReadFault.None;
        Struck += fault == ReadFault.Fails ? 1 : 0;
        SlowReads += fault == ReadFault.Slow ? 1 : 0;
        return fault;
    }

    private CommitFault Next(Commit commit)
    {
        Commits++;
        if (DiskFull)
        {
            return CommitFault.FailsBefore;
        }

        if (_at.Remove(Commits, out var planned))
        {
            return planned;
        }

        var index = _once.Count == 0 ? -1 : _once.FindIndex(o => o.Match(commit));
        if (index < 0)
        {
            return Each?.Invoke(commit) ?? CommitFault.None;
        }

        var fault = _once[index].Fault;
        _once.RemoveAt(index);
        return fault;
    }
}
