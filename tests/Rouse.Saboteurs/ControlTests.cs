using Rouse.Simulation;

namespace Rouse.Saboteurs;

/// <summary>What catches a saboteur must let the honest engine pass, or a catch would prove nothing.</summary>
public sealed class ControlTests
{
    private const int Seeds = 30;

    [Fact]
    public void Without_a_saboteur_nothing_breaks() => Assert.All(Enumerable.Range(1, Seeds), seed => Workload.Play(PlanMaker.Make(seed), isTold: false));
}
