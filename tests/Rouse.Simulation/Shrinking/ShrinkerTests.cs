namespace Rouse.Simulation;

public sealed class ShrinkerTests
{
    /// <summary>A rule that is broken on purpose: a session may not be deleted while a node dies later.</summary>
    [Fact]
    public void A_failing_run_comes_down_to_what_matters()
    {
        var plan = PlanMaker.Make(11) with
        {
            Deeds = [.. PlanMaker.Make(11).Deeds, new Deed.Unlucky(TimeSpan.FromSeconds(3))],
        };
        var error = Assert.Throws<SimulationException>(() => Workload.Play(plan, isTold: false));
        var shrinker = Shrinker.Shrink(plan, error);
        var only = Assert.Single(shrinker.Plan.Deeds);
        Assert.IsType<Deed.Unlucky>(only);
        Assert.Empty(shrinker.Plan.Weather.Only!);
        Assert.Equal(Habits.None, shrinker.Plan.Habits);
        Assert.Contains("Unlucky", shrinker.Tell().Message, StringComparison.Ordinal);
    }
}
