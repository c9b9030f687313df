using Rouse.Core;

namespace Rouse.Server;

/// <param name="Notices">Notices of the session's mailbox that it has read.</param>
internal sealed record AcknowledgementBody(IReadOnlyList<NoticeId> Notices)
{
    public static AcknowledgementBody Read(ObjectReader body) => new(body.RequiredIds<NoticeId>("notices", Bounds.Notices));
}
