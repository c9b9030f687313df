namespace Rouse.EndToEnd.Faults;

/// <summary>One request that went to a proxy, as it stands at one moment.</summary>
public sealed record ProxiedRequest
{
    /// <summary>Numbered from 1 in order of arrival; 0 while faults are chosen.</summary>
    public int Number { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    public required string Query { get; init; }

    public required string Body { get; init; }

    public Fault Fault { get; init; } = new Fault.None();

    public ProxiedState State { get; init; }

    /// <summary>The status that the server answered; null while it has not.</summary>
    public int? Status { get; init; }

    public bool Is(string method, string pathEnd) => Method == method && Path.EndsWith(pathEnd, StringComparison.Ordinal);

    /// <summary>A line for a failed test's story.</summary>
    public override string ToString() => $"#{Number} {Method} {Path} {Fault.GetType().Name} {State} {Status}";
}
