using Rouse.Engine;

namespace Rouse.Saboteurs;

public sealed class ShellSaboteurTests(ITestOutputHelper output) : SaboteurTests(typeof(Sabotage), output)
{
    public static TheoryData<string> Saboteurs => [.. Hunt.SaboteursOf(typeof(Sabotage))];

    [Theory]
    [MemberData(nameof(Saboteurs))]
    public void A_fault_in_the_shell_is_caught(string saboteur) => Caught(saboteur);
}
