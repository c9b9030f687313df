namespace Rouse.Engine;

/// <summary>Lets one obligation of a subject be performed at a time. Not thread-safe; the pump guards it.</summary>
internal sealed class Turns
{
    private readonly HashSet<Subject> _busy = [];
    private readonly Dictionary<Subject, List<Entry>> _behind = [];

    /// <summary>False when another one has the turn; this one is among those that wait for it.</summary>
    public bool Take(Entry entry)
    {
        if (_busy.Add(entry.Subject))
        {
            return true;
        }

        (_behind.TryGetValue(entry.Subject, out var waiting) ? waiting : _behind[entry.Subject] = []).Add(entry);
        return false;
    }

    /// <summary>Ends a turn.</summary>
    /// <returns>Those that waited for it; they are to be scheduled again.</returns>
    public IReadOnlyList<Entry> GiveBack(Entry entry)
    {
        _busy.Remove(entry.Subject);
        return _behind.Remove(entry.Subject, out var waiting) ? waiting : [];
    }
}
