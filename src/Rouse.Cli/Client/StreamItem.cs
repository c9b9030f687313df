using Rouse.Engine;

namespace Rouse.Cli.Client;

/// <summary>What an <see cref="EventReader"/> tells.</summary>
internal abstract record StreamItem
{
    private StreamItem()
    {
    }

    /// <summary>The stream stands: whatever commits from here on will come.</summary>
    public sealed record Connected : StreamItem;

    /// <summary>The connection broke; it is being made again.</summary>
    public sealed record Lost(string Reason) : StreamItem;

    /// <param name="Json">The event exactly as it came.</param>
    public sealed record Happened(EventView Event, string Json) : StreamItem;
}
