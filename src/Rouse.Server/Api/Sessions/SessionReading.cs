using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Server;

/// <summary>What a registration holds.</summary>
internal static class SessionReading
{
    public static SessionRequest Request(ObjectReader body) => new()
    {
        Address = body.RequiredObject("address", address => new Address(
            address.RequiredText("instance", Bounds.Name), address.RequiredText("id", Bounds.SessionId))) ?? new Address("", ""),
        Parent = body.OptionalId<SessionId>("parent"),
        Agent = body.OptionalText("agent", Bounds.Name),
        Directory = body.OptionalText("directory", Bounds.Directory),
    };
}
