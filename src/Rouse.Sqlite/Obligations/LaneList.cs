using System.Collections.Immutable;

namespace Rouse.Sqlite;

/// <summary>The lanes of an obligation in one column, a line each.</summary>
internal static class LaneList
{
    public const char Separator = '\n';

    public static string Join(ImmutableArray<string> lanes) => lanes.Length switch
    {
        0 => "",
        1 => lanes[0],
        _ => string.Join(Separator, lanes),
    };

    public static ImmutableArray<string> Split(string lanes) => lanes.Length == 0 ? [] : [.. lanes.Split(Separator)];
}
