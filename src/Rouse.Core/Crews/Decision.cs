using System.Collections.Immutable;

namespace Rouse.Core;

/// <summary>What an input leads to: events to commit, the state after them, and a reply for its sender.</summary>
public sealed record Decision(ImmutableArray<Event> Events, Reply Reply, Crew Next, ImmutableArray<Body> Bodies, Touched Touched);

/// <summary>Numbers of what the events were about: only there can rows, obligations and slots have changed.</summary>
public sealed record Touched(
    ImmutableSortedSet<int> Sessions, ImmutableSortedSet<int> Tasks, ImmutableSortedSet<int> Notices, ImmutableSortedSet<int> Wakes)
{
    public static Touched Nothing { get; } = new([], [], [], []);

    public Touched Union(Touched other) => new(
        Sessions.Union(other.Sessions), Tasks.Union(other.Tasks), Notices.Union(other.Notices), Wakes.Union(other.Wakes));
}
