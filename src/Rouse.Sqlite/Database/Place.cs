using Rouse.Core;

namespace Rouse.Sqlite;

/// <summary>Where a list goes on: behind a row whose id the caller knows.</summary>
internal static class Place
{
    /// <param name="sql">Finds the row's place by the stem of a crew and a number.</param>
    /// <returns>0 for the start of the list; null when there is no such row.</returns>
    public static long? Of(Connection connection, string sql, CrewId? crew, int? number)
    {
        if (crew is not { } known || number is not { } given)
        {
            return 0;
        }

        using var rows = connection.Prepared(sql).Bind(1, known.Stem).Bind(2, given).Query();
        return rows.Read() ? rows.Int64(0) : null;
    }
}
