using Rouse.Harnesses.OpenCode.Http;
using Rouse.Harnesses.OpenCode.Wire;

namespace Rouse.Harnesses.OpenCode.Prompts;

/// <summary>Whether a key is in a session's history, and whether a turn has answered it.</summary>
internal abstract record StoredPrompt
{
    private StoredPrompt()
    {
    }

    public sealed record No : StoredPrompt;

    /// <param name="Begun">An answer follows it. A dead answer counts: whether to try again is not the adapter's to say.</param>
    public sealed record Yes(string MessageId, bool Begun) : StoredPrompt;

    public sealed record NotRead(CallFailure Failure) : StoredPrompt;

    public static async ValueTask<StoredPrompt> FindAsync(OpenCodeClient client, string session, string key, int pageSize, Deadline deadline)
    {
        var id = MessageKey.MessageId(key);
        var message = await client.GetAsync(Paths.Message(session, id), WireJson.Default.WireMessage, deadline);
        if (message.Failure is { } failure)
        {
            return failure.Kind == CallFailureKind.NotFound ? new No() : new NotRead(failure);
        }

        var newest = await client.GetAsync(Paths.Messages(session, pageSize), WireJson.Default.ListWireMessage, deadline);
        return newest.TryGet(out var page, out failure) ? new Yes(id, IsBegun(id, page)) : new NotRead(failure);
    }

    /// <summary>
    /// An answer names the newest prompt that it answers; one that joined others in a running turn is not named, and is answered all the same by
    /// what comes after it.
    /// </summary>
    /// <param name="newest">The newest messages, oldest first. A message that is not among them is older than all of them.</param>
    internal static bool IsBegun(string id, IReadOnlyList<WireMessage> newest)
    {
        var after = newest.SkipWhile(m => m.Info?.Id != id).ToList();
        return newest.Any(m => m.Info?.Role == "assistant" && m.Info.ParentId == id)
            || (after.Count > 0 ? after : newest).Any(m => m.Info?.Role == "assistant");
    }
}
