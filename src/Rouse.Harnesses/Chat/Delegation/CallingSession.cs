using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.Chat.Conversations;

namespace Rouse.Harnesses.Chat.Delegation;

/// <summary>The session that calls a tool, as the engine knows it. It is the return address of what it delegates.</summary>
internal sealed class CallingSession(Func<IBackgroundAgents> engine, ConversationStore store)
{
    private const int LongestLineage = 64;

    /// <summary>Makes the session known below its real parents when it is not: depth and limits count the real lineage (LIM-4).</summary>
    public async Task<SessionView> FindAsync(Address session, CancellationToken cancellationToken)
    {
        var agents = engine();
        var unknown = new Stack<(Address Session, ChatHead Head)>();
        var known = await agents.FindSessionAsync(session, cancellationToken);
        for (var next = session; known is null;)
        {
            if (unknown.Count == LongestLineage || await store.FindHeadAsync(next.Id, cancellationToken) is not { } head)
            {
                throw new RefusedException(new Refusal(
                    RefusalKind.Conflict, "unknown-lineage",
                    $"The sessions above {session} cannot be read, so it is not known how deep it is. Delegate from another session."));
            }

            unknown.Push((next, head));
            if (head.Parent is null)
            {
                break;
            }

            next = head.Parent;
            known = await agents.FindSessionAsync(next, cancellationToken);
        }

        while (unknown.TryPop(out var below))
        {
            var request = new SessionRequest
            {
                Address = below.Session, Parent = known?.Id, Agent = below.Head.Agent, Directory = below.Head.Directory,
            };
            known = (await agents.RegisterAsync(request, cancellationToken)).Session;
        }

        return known!;
    }
}
