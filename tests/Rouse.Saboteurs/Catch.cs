namespace Rouse.Saboteurs;

/// <summary>A saboteur that was caught.</summary>
/// <param name="Seed">The seed that caught it. Seeds count from 1, so it took so many.</param>
/// <param name="Sentence">What the simulation said.</param>
internal sealed record Catch(int Seed, string Sentence);
