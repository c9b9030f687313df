using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>Reads conversations and their messages.</summary>
internal static class TranscriptQueries
{
    // Messages are numbered without a gap, so the last number is how many there are.
    private const string Transcripts =
        "SELECT t.instance, t.address, t.key, t.data, (SELECT max(number) FROM messages WHERE transcript = t.id) FROM transcripts t";

    private const string ByAddress = $"{Transcripts} WHERE t.instance = ?1 AND t.address = ?2";
    private const string ByKey = $"{Transcripts} WHERE t.instance = ?1 AND t.key = ?2";
    private const string OfInstance = $"{Transcripts} WHERE t.instance = ?1 ORDER BY t.id";

    private const string MessagesAfter =
        """
        SELECT m.number, m.key, m.data FROM messages m
        WHERE m.transcript = (SELECT id FROM transcripts WHERE instance = ?1 AND address = ?2) AND m.number > ?3 ORDER BY m.number
        """;

    public static Transcript? Find(Connection connection, Address session) =>
        Read(connection.Prepared(ByAddress).Bind(1, session.Instance).Bind(2, session.Id)).FirstOrDefault();

    public static Transcript? Find(Connection connection, string instance, string key) =>
        Read(connection.Prepared(ByKey).Bind(1, instance).Bind(2, key)).FirstOrDefault();

    public static List<Transcript> List(Connection connection, string instance) =>
        Read(connection.Prepared(OfInstance).Bind(1, instance));

    public static List<TranscriptMessage> Messages(Connection connection, Address session, int after)
    {
        var messages = new List<TranscriptMessage>();
        using var rows = connection.Prepared(MessagesAfter).Bind(1, session.Instance).Bind(2, session.Id).Bind(3, after).Query();
        while (rows.Read())
        {
            messages.Add(new TranscriptMessage(rows.Int32(0), rows.TextOrNull(1), rows.Bytes(2)));
        }

        return messages;
    }

    private static List<Transcript> Read(Statement statement)
    {
        var transcripts = new List<Transcript>();
        using var rows = statement.Query();
        while (rows.Read())
        {
            transcripts.Add(new Transcript(new Address(rows.Text(0), rows.Text(1)), rows.TextOrNull(2), rows.Bytes(3), rows.Int32(4)));
        }

        return transcripts;
    }
}
