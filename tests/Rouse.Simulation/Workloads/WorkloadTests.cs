using System.Globalization;

namespace Rouse.Simulation;

public sealed class WorkloadTests
{
    [Fact]
    public void In_calm_weather_everything_owed_is_settled() => Play(1, 40, calm: true);

    [Fact]
    public void Whatever_fails_everything_owed_is_settled_when_the_faults_stop() => Play(1, Seeds, calm: false);

    [Fact]
    public void A_seed_is_one_story()
    {
        foreach (var seed in new[] { 3, 17, 101 })
        {
            Assert.Equal(Workload.Play(seed).Story.ToString(), Workload.Play(seed).Story.ToString());
        }
    }

    private static int Seeds => int.TryParse(Environment.GetEnvironmentVariable("ROUSE_SEEDS"), CultureInfo.InvariantCulture, out var seeds) ? seeds : 200;

    private static void Play(int first, int count, bool calm)
    {
        for (var seed = first; seed < first + count; seed++)
        {
            Workload.Play(seed, calm);
        }
    }
}
