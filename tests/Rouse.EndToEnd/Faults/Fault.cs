namespace Rouse.EndToEnd.Faults;

/// <summary>What a proxy does with a request.</summary>
public abstract record Fault
{
    private Fault()
    {
    }

    /// <summary>Nothing: the request and its reply go through.</summary>
    public sealed record None : Fault;

    /// <summary>Closes the connection when the request has been read. The server never hears of it.</summary>
    public sealed record Refuse : Fault;

    /// <summary>Forwards the request, waits for the whole reply, and closes the connection without handing it over.</summary>
    public sealed record DropReply : Fault;

    /// <summary>Forwards the request and hands its reply over so much later.</summary>
    public sealed record DelayReply(TimeSpan Delay) : Fault;
}
