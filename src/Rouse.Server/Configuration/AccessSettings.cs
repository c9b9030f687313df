using System.Collections.Immutable;

namespace Rouse.Server;

/// <summary>Who may reach the API besides programs of this machine.</summary>
public sealed record AccessSettings
{
    /// <summary>Allows an address that is not loopback, although the token then crosses the network in the clear.</summary>
    public bool Insecure { get; init; }

    /// <summary>Host names, without port, that calls may name besides the loopback names and the host of <c>url</c>.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>Web origins, such as <c>https://rouse.example.org</c>, that calls may come from besides the node's own.</summary>
    public ImmutableArray<string> Origins { get; init; } = [];

    internal static AccessSettings Read(SectionReader access)
    {
        var settings = new AccessSettings
        {
            Insecure = access.Flag("insecure", fallback: false),
            Hosts = access.Texts("hosts"),
            Origins = access.Texts("origins"),
        };
        foreach (var (index, host) in settings.Hosts.Index().Where(h => Uri.CheckHostName(h.Item) == UriHostNameType.Unknown))
        {
            access.Problem($"hosts[{index}]", $"'{host}' is not a host name or address; leave out scheme and port");
        }

        foreach (var (index, origin) in settings.Origins.Index().Where(o => !IsOrigin(o.Item)))
        {
            access.Problem($"origins[{index}]", $"'{origin}' is not an origin such as https://rouse.example.org");
        }

        access.End();
        return settings;
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        && uri.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase);
}
