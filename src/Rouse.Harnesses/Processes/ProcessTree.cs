namespace Rouse.Harnesses.Processes;

/// <summary>
/// Processes with all that they started: children, their children, and those that went into a group of their own (HARN-4).
/// </summary>
public static class ProcessTree
{
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>
    /// Asks all of them to end, and ends by force what is left after <paramref name="grace"/>. A recorded process whose id belongs to another
    /// one by now is left alone.
    /// </summary>
    /// <returns>Whether all of them were seen gone.</returns>
    public static ValueTask<bool> KillAsync(ProcessIdentity root, TimeSpan grace, TimeProvider time, CancellationToken cancellationToken) =>
        KillAsync([root], grace, time, cancellationToken);

    /// <summary>
    /// The same for all that were started with this variable in their environment. It finds what nothing else does any more: a process whose
    /// parent has died belongs to init, and one in a session of its own carries no other mark.
    /// </summary>
    /// <returns>How many trees there were, and whether all were seen gone.</returns>
    public static async ValueTask<(int Found, bool Gone)> KillMarkedAsync(
        string name, string value, TimeSpan grace, TimeProvider time, CancellationToken cancellationToken)
    {
        var marked = ProcessTable.ReadAll().Where(e => !e.HasEnded && ProcessTable.HasVariable(e.Id, name, value)).Select(e => e.Identity).ToList();
        return (marked.Count, await KillAsync(marked, grace, time, cancellationToken));
    }

    /// <summary>All that belongs to the tree now, its root included.</summary>
    internal static IReadOnlyCollection<ProcessIdentity> MembersOf(ProcessIdentity root)
    {
        var members = new Dictionary<int, ProcessIdentity> { [root.Id] = root };
        Grow(members);
        return members.Values;
    }

    private static async ValueTask<bool> KillAsync(
        IEnumerable<ProcessIdentity> roots, TimeSpan grace, TimeProvider time, CancellationToken cancellationToken)
    {
        // A child whose parent ends first is handed to init: who belongs to the trees is found before anything is signalled, and kept.
        var members = roots.Where(r => r.IsAlive()).ToDictionary(r => r.Id);
        if (members.Count == 0)
        {
            return true;
        }

        Grow(members);
        Send(members.Values, Signals.Terminate);
        if (await AllGoneAsync(members, grace, Signals.Terminate, time, cancellationToken))
        {
            return true;
        }

        Send(members.Values, Signals.Kill);
        return await AllGoneAsync(members, DefaultGrace, Signals.Kill, time, cancellationToken);
    }

    /// <param name="signalNew">What those get that were started in the meantime.</param>
    private static async ValueTask<bool> AllGoneAsync(
        Dictionary<int, ProcessIdentity> members, TimeSpan within, int signalNew, TimeProvider time, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            Send(Grow(members), signalNew);
            if (!members.Values.Any(m => m.IsAlive()))
            {
                return true;
            }

            if (time.GetElapsedTime(since) >= within)
            {
                return false;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>Adds what the members have started; returns the new ones.</summary>
    private static List<ProcessIdentity> Grow(Dictionary<int, ProcessIdentity> members)
    {
        var entries = ProcessTable.ReadAll();
        var starts = entries.ToDictionary(e => e.Id, e => e.StartTicks);
        var grown = new List<ProcessIdentity>();
        bool found;
        do
        {
            found = false;
            foreach (var entry in entries)
            {
                if (!entry.HasEnded && !members.ContainsKey(entry.Id) && (IsMember(entry.Parent) || IsMember(entry.Session)))
                {
                    members.Add(entry.Id, entry.Identity);
                    grown.Add(entry.Identity);
                    found = true;
                }
            }
        }
        while (found);

        return grown;

        // The number of a member that ended may have gone to a stranger, whose children are none of ours.
        bool IsMember(int id) =>
            members.TryGetValue(id, out var member) && starts.TryGetValue(id, out var start) && start == member.StartTicks;
    }

    private static void Send(IEnumerable<ProcessIdentity> processes, int signal)
    {
        foreach (var process in processes)
        {
            if (process.IsAlive())
            {
                Signals.Send(process.Id, signal);
            }
        }
    }
}
