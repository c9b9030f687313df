namespace Rouse.Cli.Client;

/// <summary>An answer of the server: what it says, and the JSON exactly as it came.</summary>
internal sealed record Reply<T>(T Value, string Json);
