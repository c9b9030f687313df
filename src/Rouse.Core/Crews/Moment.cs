namespace Rouse.Core;

/// <summary>What an input brings with it besides its own content: the time, and the limits in force.</summary>
/// <param name="Now">The node's time when the input was taken up.</param>
/// <param name="Rules">Limits and watches.</param>
public sealed record Moment(DateTimeOffset Now, Rules Rules);
