using System.Net;
using System.Net.Sockets;

namespace Rouse.EndToEnd.OpenCode;

/// <summary>Ports for servers that are restarted in the same place.</summary>
internal static class LoopbackPort
{
    // Below the range from which systems take the ports of outgoing connections: one of those could sit on a server's port while it is
    // down.
    private const int First = 20_000;
    private const int End = 30_000;

    private static readonly Lock s_lock = new();
    private static readonly HashSet<int> s_taken = [];

    /// <summary>A port that is free now and that this process has not given to anyone else.</summary>
    public static int Pick()
    {
        lock (s_lock)
        {
            while (true)
            {
                var port = Random.Shared.Next(First, End);
                if (IsFree(port) && s_taken.Add(port))
                {
                    return port;
                }
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
