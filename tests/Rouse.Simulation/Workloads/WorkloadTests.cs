namespace Rouse.Simulation;

public sealed class WorkloadTests
{
    [Fact]
    public void A_seed_is_one_story()
    {
        foreach (var seed in new[] { 3, 17, 101 })
        {
            Assert.Equal(Workload.Play(seed).Story.ToString(), Workload.Play(seed).Story.ToString());
        }
    }
}
