using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Rouse.Server;

/// <summary>How a server is run, besides what the configuration says.</summary>
public sealed record RouseServerOptions
{
    /// <summary>Called once the server can answer, with the address that it listens on.</summary>
    public Action<Uri>? Listening { get; init; }

    /// <summary>Where logs go; nowhere unless set. Neither tokens nor prompts are logged.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }

    /// <summary>Whether the stop aborts what runs and waits until it has ended, rather than leaving it for the next start.</summary>
    public bool AbortOnStop { get; init; }

    /// <summary>Changes the node that the configuration describes, such as by harnesses of one's own.</summary>
    public Action<RouseOptions>? Node { get; init; }

    /// <summary>Stands in for the node in tests.</summary>
    internal Action<IServiceCollection>? Compose { get; init; }
}
