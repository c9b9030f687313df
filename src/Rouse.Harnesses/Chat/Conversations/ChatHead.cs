using System.Collections.Immutable;
using Rouse.Core;

namespace Rouse.Harnesses.Chat.Conversations;

/// <summary>
/// What is stored of a session as a whole, once, at its creation. Whether a turn is open is read from its lines, so that the two cannot disagree.
/// </summary>
internal sealed record ChatHead
{
    public required string Agent { get; init; }

    public string? Model { get; init; }

    public string? Title { get; init; }

    public string? Directory { get; init; }

    public Address? Parent { get; init; }

    public string? System { get; init; }

    public ImmutableArray<PermissionRule> Permissions { get; init; } = [];

    public ImmutableSortedDictionary<string, bool> Tools { get; init; } = ImmutableSortedDictionary<string, bool>.Empty;

    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public DateTimeOffset CreatedAt { get; init; }
}
