using System.Collections.Immutable;

namespace Rouse.Core;

internal static class ImmutableArrays
{
    /// <summary>What an older version wrote lacks the field: the reader then sets the type's default, which is not empty, in place of the property's own.</summary>
    public static ImmutableArray<T> OrEmpty<T>(this ImmutableArray<T> array) => array.IsDefault ? [] : array;
}
