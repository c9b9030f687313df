using System.Net;

namespace Rouse.Server;

/// <summary>Where the API listens: an address of this machine and a port.</summary>
/// <param name="Host">As written: <c>localhost</c> or an address.</param>
/// <param name="Endpoint">Port 0 lets the system pick one.</param>
public sealed record ListenUrl(string Host, IPEndPoint Endpoint)
{
    public static ListenUrl Default { get; } = new("127.0.0.1", new IPEndPoint(IPAddress.Loopback, 7410));

    public bool IsLoopback => IPAddress.IsLoopback(Endpoint.Address);

    public Uri At(int port) => new UriBuilder(Uri.UriSchemeHttp, Host, port).Uri;

    public override string ToString() => $"http://{Host}:{Endpoint.Port}";

    internal static ListenUrl? Read(SectionReader root, string key)
    {
        if (root.Text(key) is not { } text)
        {
            return root.Has(key) ? null : Default;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp || uri.PathAndQuery != "/"
            || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
        {
            root.Problem(key, "must be http, a host and a port, such as http://127.0.0.1:7410; for https put a proxy in front");
            return null;
        }

        if (uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return new ListenUrl("localhost", new IPEndPoint(IPAddress.Loopback, uri.Port));
        }

        if (IPAddress.TryParse(uri.DnsSafeHost, out var address))
        {
            return new ListenUrl(uri.Host, new IPEndPoint(address, uri.Port));
        }

        root.Problem(key, $"the host '{uri.Host}' must be localhost or an IP address of this machine");
        return null;
    }
}
