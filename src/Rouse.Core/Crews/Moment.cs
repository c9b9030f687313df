namespace Rouse.Core;

/// <summary>What an input brings with it besides its own content: the time, and the limits in force.</summary>
/// <param name="Now">The node's time when the input was taken up.</param>
/// <param name="Rules">Limits and watches.</param>
/// <param name="Steady">The same by a clock that nobody sets, and that says nothing of the time of day: how old a look is, is told by it.</param>
public sealed record Moment(DateTimeOffset Now, Rules Rules, DateTimeOffset Steady = default);
