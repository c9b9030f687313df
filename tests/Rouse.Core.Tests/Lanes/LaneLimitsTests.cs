namespace Rouse.Core.Tests;

public sealed class LaneLimitsTests
{
    private readonly LaneLimits _lanes = new([new("anthropic", 10), new("anthropic/opus", 2), new("openai/gpt", 0), new("default", 7)]);

    // LANE-1
    [Theory]
    [InlineData("anthropic/opus", "anthropic anthropic/opus")]
    [InlineData("anthropic/haiku", "anthropic")]
    [InlineData("openai/gpt", "openai/gpt")]
    [InlineData("openai/other", "default")]
    [InlineData("anthropicish/opus", "default")]
    [InlineData("anthropic", "anthropic")]
    [InlineData("default/x", "default")]
    [InlineData("a/b/c", "default")]
    [InlineData("", "default")]
    [InlineData(null, "default")]
    public void Every_lane_that_matches_a_model_holds(string? model, string lanes) => Assert.Equal(lanes.Split(' '), _lanes.LanesOf(model));

    // LANE-1
    [Fact]
    public void Unset_means_five_and_zero_means_unlimited()
    {
        Assert.Equal(5, LaneLimits.Default.LimitOf(LaneLimits.DefaultLane));
        Assert.Equal(7, _lanes.LimitOf(LaneLimits.DefaultLane));
        Assert.Equal(2, _lanes.LimitOf("anthropic/opus"));
        Assert.Null(_lanes.LimitOf("openai/gpt"));
    }
}
