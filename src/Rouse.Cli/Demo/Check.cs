namespace Rouse.Cli.Demo;

/// <summary>One thing that the demo promises, and what was found.</summary>
internal sealed record Check(string What, bool Holds, string Found);
