namespace Rouse.Harnesses.OpenCode;

/// <summary>One OpenCode server: one that runs already, by its <see cref="Url"/>, or one that Rouse starts and keeps up (<see cref="Server"/>).</summary>
public sealed record OpenCodeOptions
{
    /// <summary>The configured name, such as <c>opencode@main</c>.</summary>
    public required string Instance { get; init; }

    /// <summary>Where a server of someone else's listens, such as <c>http://127.0.0.1:4096</c>. Excludes <see cref="Server"/>.</summary>
    public Uri? Url { get; init; }

    /// <summary>The server's <c>OPENCODE_SERVER_USERNAME</c>.</summary>
    public string User { get; init; } = "opencode";

    /// <summary>The server's <c>OPENCODE_SERVER_PASSWORD</c>; null where it has none. A managed server gets one of its own.</summary>
    public string? Password { get; init; }

    /// <summary>A server of Rouse's own. Excludes <see cref="Url"/>.</summary>
    public ManagedServerOptions? Server { get; init; }

    /// <summary>Where sessions run that name no directory and have no parent here; null leaves it to the server.</summary>
    public string? Directory { get; init; }

    /// <summary>How long one look at a session may take.</summary>
    public TimeSpan ReadDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a creation or a delivery may take. The first one in a directory loads it, which takes OpenCode seconds.</summary>
    public TimeSpan SendDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to watch for the end of an aborted turn.</summary>
    public TimeSpan AbortDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the event stream may be silent before it counts as lost. OpenCode sends a heartbeat every 10 s.</summary>
    public TimeSpan HeartbeatTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many of the newest messages one look reads first. It reads on only to reach the newest message of Rouse's.</summary>
    public int PageSize { get; init; } = 50;

    /// <summary>Without the password: records are printed.</summary>
    public override string ToString() => $"{Instance} at {Url?.AbsoluteUri ?? "a server of its own"}";

    /// <summary>Throws with the name of the value that is wrong.</summary>
    public void Validate()
    {
        Require(Instance.Length > 0, nameof(Instance), "must not be empty");
        Require(Url is null != Server is null, nameof(Url), "must be given, or else a server to manage (command, directory, dataDirectory), and not both");
        Require(Url is null || (Url.IsAbsoluteUri && Url.Scheme is "http" or "https"), nameof(Url), "must be an absolute http or https address");
        Require(Url is null || Url.UserInfo.Length == 0, nameof(Url), "must not hold a password; use 'password'");
        Require(ReadDeadline > TimeSpan.Zero, nameof(ReadDeadline), "must be longer than zero");
        Require(SendDeadline > TimeSpan.Zero, nameof(SendDeadline), "must be longer than zero");
        Require(AbortDeadline > TimeSpan.Zero, nameof(AbortDeadline), "must be longer than zero");
        Require(HeartbeatTimeout > TimeSpan.FromSeconds(10), nameof(HeartbeatTimeout), "must be longer than the 10 s between two heartbeats");
        Require(PageSize is >= 1 and <= 1000, nameof(PageSize), "must be between 1 and 1000");
        Server?.Validate(Instance);
    }

    private void Require(bool holds, string name, string what)
    {
        if (!holds)
        {
            throw new ArgumentException($"instances.{Instance}.{char.ToLowerInvariant(name[0])}{name[1..]} {what}.", name);
        }
    }
}
