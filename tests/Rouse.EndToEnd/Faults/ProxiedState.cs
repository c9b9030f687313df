namespace Rouse.EndToEnd.Faults;

/// <summary>How far a request has come in a proxy.</summary>
public enum ProxiedState
{
    /// <summary>Read, and perhaps forwarded; the server has not answered.</summary>
    Open,

    /// <summary>Closed without being forwarded, as a fault said.</summary>
    Refused,

    /// <summary>The server has answered; the reply is kept back, as a fault said.</summary>
    Delayed,

    /// <summary>The server has answered; the reply was thrown away, as a fault said.</summary>
    ReplyDropped,

    /// <summary>The reply is an event stream, and open.</summary>
    Streaming,

    /// <summary>An event stream that was cut.</summary>
    Cut,

    /// <summary>The whole reply was handed over.</summary>
    Replied,

    /// <summary>The server could not be reached, or went away in the middle of its reply. The client's connection was closed too.</summary>
    ServerLost,

    /// <summary>The client went away first.</summary>
    ClientLost,
}
