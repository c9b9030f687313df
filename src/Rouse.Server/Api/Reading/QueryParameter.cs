namespace Rouse.Server;

/// <summary>A parameter that a call takes: what is not declared is refused, and what is declared is described.</summary>
/// <param name="IsNumber">Whether it is a whole number rather than text.</param>
internal sealed record QueryParameter(string Name, string Description, bool IsNumber = false);
