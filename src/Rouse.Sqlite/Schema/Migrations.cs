using System.Globalization;

namespace Rouse.Sqlite;

/// <summary>
/// The steps that lead from one schema to the next. Step n is the resource <c>000n.sql</c>; a step that was released is never edited,
/// the next one is added.
/// </summary>
internal static class Migrations
{
    /// <summary>'Rous', so that tools and this program know the file.</summary>
    public const int ApplicationId = 0x526f7573;

    public static IReadOnlyList<string> Steps { get; } = ReadSteps();

    /// <summary>Looks before anything is written, for another program's file must stay as it is.</summary>
    /// <exception cref="SchemaException">The file is newer than this program, or not a journal at all.</exception>
    public static void RefuseUnknown(Connection connection, int newest)
    {
        var version = connection.Number("PRAGMA user_version");
        if (version > newest)
        {
            throw new SchemaException(
                $"it has schema {version} and this program knows schemas up to {newest}. Use the newer Rouse that wrote it, or restore a backup.");
        }

        if (version == 0 ? connection.Number("SELECT count(*) FROM sqlite_master") > 0 : connection.Number("PRAGMA application_id") != ApplicationId)
        {
            throw new SchemaException("it is a database of another program. Choose another data directory, or move the file away.");
        }
    }

    /// <summary>Brings the file to the newest schema, each step in a transaction of its own.</summary>
    public static void Apply(Connection connection, IReadOnlyList<string> steps)
    {
        for (var step = (int)connection.Number("PRAGMA user_version"); step < steps.Count; step++)
        {
            Apply(connection, steps[step], step + 1);
        }
    }

    private static void Apply(Connection connection, string sql, int version)
    {
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            connection.Execute(sql);
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id={ApplicationId}; PRAGMA user_version={version}; COMMIT"));
        }
        catch (SqliteFailureException)
        {
            if (connection.InTransaction)
            {
                connection.Execute("ROLLBACK");
            }

            throw;
        }
    }

    private static List<string> ReadSteps()
    {
        var steps = new List<string>();
        while (typeof(Migrations).Assembly.GetManifestResourceStream(string.Create(CultureInfo.InvariantCulture, $"{steps.Count + 1:0000}.sql")) is { } resource)
        {
            using var reader = new StreamReader(resource);
            steps.Add(reader.ReadToEnd());
        }

        return steps;
    }
}

/// <summary>The file's schema cannot be used; the message says why and what to do, and stands behind the name of the file.</summary>
internal sealed class SchemaException(string message) : Exception(message);
