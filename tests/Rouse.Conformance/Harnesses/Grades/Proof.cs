namespace Rouse.Conformance.Harnesses.Grades;

/// <summary>What a check showed of a guarantee.</summary>
/// <param name="Check">The name of the check.</param>
/// <param name="Failure">Why it does not hold; null where it does.</param>
public sealed record Proof(Guarantee Guarantee, string Check, string? Failure = null);
