using Rouse.Core;

namespace Rouse.Server;

/// <param name="By">The session that cancels: it knows by the reply and is not woken for it. Left out for an operator.</param>
internal sealed record CancelBody(SessionId? By = null)
{
    public static CancelBody Read(ObjectReader body) => new(body.OptionalId<SessionId>("by"));
}
