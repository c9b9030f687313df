using Rouse.Harnesses.OpenCode.Http;
using Rouse.Harnesses.OpenCode.Wire;
using Rouse.Harnesses.Secrets;

namespace Rouse.Harnesses.OpenCode.Looks;

/// <summary>What a session does now, as the process says that runs it.</summary>
/// <param name="Retrying">Why and how often a failed model call is tried again; null when it is not.</param>
internal sealed record SessionStatus(bool IsWorking, string? Retrying)
{
    private static readonly SessionStatus Idle = new(IsWorking: false, Retrying: null);

    public static async ValueTask<Reply<SessionStatus>> ReadAsync(OpenCodeClient client, string session, string? directory, Deadline deadline)
    {
        var reply = await client.GetAsync(Paths.Status(directory), WireJson.Default.DictionaryStringWireStatus, deadline);
        return reply.TryGet(out var all, out var failure) ? Reply<SessionStatus>.Ok(Of(session, all)) : Reply<SessionStatus>.Fail(failure);
    }

    /// <summary>Idle sessions are not listed. A kind that this version does not know is taken as working: only idle opens a gate.</summary>
    internal static SessionStatus Of(string session, IReadOnlyDictionary<string, WireStatus> all)
    {
        if (!all.TryGetValue(session, out var status) || status.Type == "idle")
        {
            return Idle;
        }

        var retrying = status.Type == "retry" ? $"try {status.Attempt}: {SecretScrub.Clean(status.Message)}" : null;
        return new SessionStatus(IsWorking: true, retrying);
    }
}
