namespace Rouse.Harnesses.OpenCode.Http;

/// <summary>
/// The paths that are used. Status, questions and the list of sessions are kept per directory and say nothing of any other: they always take
/// the session's own one.
/// </summary>
internal static class Paths
{
    public const string GlobalEvents = "global/event";

    public static string Session(string id) => $"session/{Escape(id)}";

    public static string Children(string id) => $"session/{Escape(id)}/children";

    public static string Messages(string id, int limit, string? before = null) =>
        before is null ? $"session/{Escape(id)}/message?limit={limit}" : $"session/{Escape(id)}/message?limit={limit}&before={Escape(before)}";

    public static string Message(string id, string messageId) => $"session/{Escape(id)}/message/{Escape(messageId)}";

    /// <summary>Blocks until the turn is over, unless the body says that no turn is wanted.</summary>
    public static string Deposit(string id) => $"session/{Escape(id)}/message";

    public static string Run(string id) => $"session/{Escape(id)}/prompt_async";

    /// <param name="directory">Needed for a session that was deleted; of every other the server knows it.</param>
    public static string Abort(string id, string? directory) => In($"session/{Escape(id)}/abort", directory);

    public static string Todos(string id) => $"session/{Escape(id)}/todo";

    public static string Status(string? directory) => In("session/status", directory);

    public static string Questions(string? directory) => In("question", directory);

    public static string RejectQuestion(string id, string? directory) => In($"question/{Escape(id)}/reject", directory);

    public static string Permissions(string? directory) => In("permission", directory);

    public static string ReplyPermission(string id, string? directory) => In($"permission/{Escape(id)}/reply", directory);

    public static string Agents(string? directory) => In("agent", directory);

    public static string Providers(string? directory) => In("config/providers", directory);

    public static string NewSession(string? directory) => In("session", directory);

    /// <summary>The newest sessions without a parent whose title holds the text; it is matched loosely, so what is found is looked at again.</summary>
    public static string Roots(string? directory, string title, int limit)
    {
        var path = $"session?roots=true&limit={limit}&search={Escape(title)}";
        return directory is null ? path : $"{path}&directory={Escape(directory)}";
    }

    private static string In(string path, string? directory) => directory is null ? path : $"{path}?directory={Escape(directory)}";

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
