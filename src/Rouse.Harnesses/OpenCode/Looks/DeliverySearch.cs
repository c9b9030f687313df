using Rouse.Engine;
using Rouse.Harnesses.OpenCode.Http;
using Rouse.Harnesses.OpenCode.Prompts;
using Rouse.Harnesses.OpenCode.Wire;

namespace Rouse.Harnesses.OpenCode.Looks;

/// <summary>Looks for a key in a session's stored history.</summary>
internal sealed class DeliverySearch(OpenCodeOptions options, OpenCodeClient client, TimeProvider time)
{
    public async ValueTask<FindResult> FindAsync(string session, string key, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(options.ReadDeadline, time, cancellationToken);
        switch (await StoredPrompt.FindAsync(client, session, key, options.PageSize, deadline))
        {
            case StoredPrompt.Yes found:
                return new FindResult.Found(found.MessageId, found.Begun);
            case StoredPrompt.NotRead { Failure: var failure }:
                return await UnreadableAsync(failure, cancellationToken);
        }

        // OpenCode words a missing message and a missing session alike here.
        var known = await client.GetAsync(Paths.Session(session), WireJson.Default.WireSession, deadline);
        return known.Failure switch
        {
            null => new FindResult.NotFound(),
            { Kind: CallFailureKind.NotFound } => new FindResult.Gone(),
            var failure => await UnreadableAsync(failure, cancellationToken),
        };
    }

    private async ValueTask<FindResult> UnreadableAsync(CallFailure failure, CancellationToken cancellationToken) =>
        new FindResult.Unreadable(failure.Reason, await client.IsInstanceDownAsync(failure, cancellationToken));
}
