using System.Collections.Immutable;

namespace Rouse.Core;

internal static class ImmutableArrays
{
    /// <summary>An event that an older version wrote lacks the field: the array is then default, not empty.</summary>
    public static ImmutableArray<T> OrEmpty<T>(this ImmutableArray<T> array) => array.IsDefault ? [] : array;
}
