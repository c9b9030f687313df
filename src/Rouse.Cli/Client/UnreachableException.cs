namespace Rouse.Cli.Client;

/// <summary>No answer came from the server.</summary>
internal sealed class UnreachableException(string message, Exception? cause = null) : Exception(message, cause);
