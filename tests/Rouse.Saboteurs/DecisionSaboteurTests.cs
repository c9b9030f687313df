using Rouse.Core;

namespace Rouse.Saboteurs;

public sealed class DecisionSaboteurTests(ITestOutputHelper output) : SaboteurTests(typeof(Sabotage), output)
{
    public static TheoryData<string> Saboteurs => [.. Hunt.SaboteursOf(typeof(Sabotage))];

    [Theory]
    [MemberData(nameof(Saboteurs))]
    public void A_fault_in_the_decisions_is_caught(string saboteur) => Caught(saboteur);
}
