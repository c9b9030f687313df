using Rouse.Harnesses.OpenCode.Http;
using Rouse.Harnesses.OpenCode.Wire;

namespace Rouse.Harnesses.OpenCode.Looks;

/// <summary>
/// What waits for a person's answer. OpenCode keeps a question in its list when the turn that asked was aborted: it counts only while its tool
/// call is open.
/// </summary>
internal sealed record OpenQuestions(IReadOnlyList<WireQuestion> Questions, IReadOnlyList<WirePermission> Permissions)
{
    public static async ValueTask<Reply<OpenQuestions>> ReadAsync(OpenCodeClient client, string session, string? directory, Deadline deadline)
    {
        var asked = await client.GetAsync(Paths.Questions(directory), WireJson.Default.ListWireQuestion, deadline);
        if (!asked.TryGet(out var questions, out var failure))
        {
            return Reply<OpenQuestions>.Fail(failure);
        }

        var wanted = await client.GetAsync(Paths.Permissions(directory), WireJson.Default.ListWirePermission, deadline);
        return wanted.TryGet(out var permissions, out failure)
            ? Reply<OpenQuestions>.Ok(new OpenQuestions(
                [.. questions.Where(q => q.SessionId == session)],
                [.. permissions.Where(p => p.SessionId == session)]))
            : Reply<OpenQuestions>.Fail(failure);
    }

    /// <summary>The first one that is still open, in words; null when there is none.</summary>
    public string? Describe(IReadOnlyList<WireMessage> messages)
    {
        var calls = messages.SelectMany(m => m.Parts ?? []).Where(p => p is { Type: "tool", CallId: not null }).ToLookup(p => p.CallId!, StringComparer.Ordinal);
        return Questions.Where(q => IsOpen(q.Tool)).Select(Words).Concat(Permissions.Where(p => IsOpen(p.Tool)).Select(Words)).FirstOrDefault();

        bool IsOpen(WireCall? call) =>
            call?.CallId is not { } id || !calls.Contains(id) || calls[id].Any(p => p.State?.Status is not ("completed" or "error"));
    }

    private static string Words(WireQuestion question) =>
        string.Join(" ", question.Questions?.Select(q => q.Question ?? q.Header).OfType<string>() ?? []) is { Length: > 0 } text
            ? $"question: {text}"
            : "question";

    private static string Words(WirePermission permission) =>
        permission.Patterns is { Count: > 0 } patterns
            ? $"permission: {permission.Permission} {string.Join(", ", patterns)}"
            : $"permission: {permission.Permission}";
}
