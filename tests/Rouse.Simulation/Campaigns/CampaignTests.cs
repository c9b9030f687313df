using System.Globalization;

namespace Rouse.Simulation;

public sealed class CampaignTests(ITestOutputHelper output)
{
    /// <summary>So many lives are played in CI; more by <c>eng/simulate</c> or ROUSE_SEEDS.</summary>
    internal const int Seeds = 20_000;

    [Fact]
    public void Whatever_fails_every_rule_holds_and_all_that_is_owed_settles_when_the_faults_stop()
    {
        var seeds = int.TryParse(Environment.GetEnvironmentVariable("ROUSE_SEEDS"), CultureInfo.InvariantCulture, out var asked) ? asked : Seeds;
        var campaign = Campaign.Run(1, seeds);
        output.WriteLine(campaign.ToString());
        campaign.ThrowIfFailed();
    }

    [Fact]
    public void In_calm_weather_every_rule_holds()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            Workload.Play(PlanMaker.Make(seed, calm: true), isTold: false);
        }
    }
}
