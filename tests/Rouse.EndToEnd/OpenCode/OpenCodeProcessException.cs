namespace Rouse.EndToEnd.OpenCode;

/// <summary>OpenCode did not come up. The message holds what it printed.</summary>
public sealed class OpenCodeProcessException(string message, string output) : Exception($"{message} It printed:\n{output}")
{
    public bool PortIsTaken { get; } = output.Contains("ServeError", StringComparison.Ordinal);
}
