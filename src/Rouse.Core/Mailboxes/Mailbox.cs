using System.Collections.Immutable;

namespace Rouse.Core;

/// <summary>What a session waits for: the open tasks that it delegated, the notices that were not sent yet, and its wakes.</summary>
public sealed record Mailbox
{
    internal static Mailbox Empty { get; } = new();

    /// <summary>Numbers of the open tasks that the session delegated.</summary>
    public ImmutableSortedSet<int> Open { get; init => field = value ?? []; } = [];

    /// <summary>Numbers of the notices that wait, in mailbox order.</summary>
    public ImmutableSortedSet<int> Waiting { get; init => field = value ?? []; } = [];

    /// <summary>The present round of each group, by the group's name; the nameless group is the empty name.</summary>
    public ImmutableSortedDictionary<string, Round> Rounds
    {
        get;
        init => field = (value ?? ImmutableSortedDictionary<string, Round>.Empty).WithComparers(StringComparer.Ordinal); // JSON carries no comparer
    } = ImmutableSortedDictionary.Create<string, Round>(StringComparer.Ordinal);

    /// <summary>The wake that is owed next and was not claimed yet.</summary>
    public int? NextWake { get; init; }

    /// <summary>The wake that is on its way; there is at most one (invariant 6).</summary>
    public int? InFlight { get; init; }

    /// <summary>The crew's version when its last wake was over: an older look at the session says nothing of a turn that the wake began.</summary>
    public long WakeOverAt { get; init; }

    public bool IsEmpty => Open.IsEmpty && Waiting.IsEmpty && NextWake is null && InFlight is null;

    /// <summary>The round that a task of this group joins now.</summary>
    internal Round RoundOf(string group) => Rounds.GetValueOrDefault(group) ?? new Round(1, 0);
}

/// <summary>What a session delegated under one name since its last wake for it.</summary>
/// <param name="Open">How many of its tasks are open.</param>
public sealed record Round(int Number, int Open);
