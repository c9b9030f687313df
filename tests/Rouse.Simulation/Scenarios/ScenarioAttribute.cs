using System.Globalization;
using Xunit.v3;

namespace Rouse.Simulation.Scenarios;

/// <summary>
/// Names a class after the line of SCENARIOS.md, section W, that it shows: how wakes fail in the field, and what Rouse does instead. One alone is run
/// with <c>dotnet test tests/Rouse.Simulation --filter W=7</c>; the number is compared whole, so that <c>W=1</c> runs no other. All of them:
/// <c>--filter FullyQualifiedName~Scenarios</c>. A test that is skipped shows the part of its scenario whose feature is not built yet.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ScenarioAttribute(int number) : Attribute, ITraitAttribute
{
    public int Number => number;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("W", number.ToString(CultureInfo.InvariantCulture))];
}
