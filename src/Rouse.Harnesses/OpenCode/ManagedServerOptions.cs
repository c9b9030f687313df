using System.Collections.Immutable;

namespace Rouse.Harnesses.OpenCode;

/// <summary>An OpenCode server that Rouse starts, finds again after its own restart, and starts anew when it dies.</summary>
public sealed record ManagedServerOptions
{
    /// <summary>The program; looked up on the server's <c>PATH</c> unless it is a path.</summary>
    public string Command { get; init; } = "opencode";

    /// <summary>The directory that it is started in, and that sessions run in which name none.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// What it owns: its database, state, cache, configuration and log, and Rouse's lock and record of it. Exactly one server runs per data
    /// directory, because two of them fork a session's history.
    /// </summary>
    public required string DataDirectory { get; init; }

    /// <summary>The port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Set in its environment, over what Rouse sets itself. For example <c>XDG_CONFIG_HOME</c> to let it read a person's own configuration, or
    /// <c>OPENCODE_CONFIG</c>.
    /// </summary>
    public ImmutableSortedDictionary<string, string> Environment { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Names of variables that are handed on from Rouse's own environment; all others are not.</summary>
    public ImmutableArray<string> PassEnvironment { get; init; } = [];

    /// <summary>How long it may take to answer after its start.</summary>
    public TimeSpan StartDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Whether it ends with Rouse. By default it goes on, so that the turns that run in it outlive a restart of Rouse.
    /// </summary>
    public bool StopServerOnDispose { get; init; }

    internal void Validate(string instance)
    {
        Require(Command.Length > 0, "command", "must not be empty");
        Require(Path.IsPathFullyQualified(Directory), "directory", "must be a full path");
        Require(System.IO.Directory.Exists(Directory), "directory", $"does not exist: '{Directory}'");
        Require(Path.IsPathFullyQualified(DataDirectory), "dataDirectory", "must be a full path");
        Require(Port is >= 0 and <= 65535, "port", "must be between 0 and 65535");
        Require(StartDeadline > TimeSpan.Zero, "startDeadline", "must be longer than zero");

        void Require(bool holds, string name, string what)
        {
            if (!holds)
            {
                throw new ArgumentException($"instances.{instance}.{name} {what}.", name);
            }
        }
    }
}
