namespace Rouse.Server.Tests;

public sealed class DurationTests
{
    [Theory]
    [InlineData("30s", 30)]
    [InlineData("5m", 300)]
    [InlineData("2h", 7200)]
    [InlineData("1d", 86400)]
    [InlineData("1h30m", 5400)]
    [InlineData("90m", 5400)]
    [InlineData("250ms", 0.25)]
    [InlineData("1m1ms", 60.001)]
    [InlineData("0s", 0)]
    [InlineData("PT30S", 30)]
    [InlineData("PT5M", 300)]
    [InlineData("P1DT2H", 93600)]
    [InlineData("PT0.25S", 0.25)]
    public void A_duration_is_read(string text, double seconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds, precision: 6);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("s")]
    [InlineData("30 s")]
    [InlineData(" 30s")]
    [InlineData("30S")]
    [InlineData("-30s")]
    [InlineData("1.5h")]
    [InlineData("30s5m")]
    [InlineData("5m\n")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData("P1Y")]
    [InlineData("P1M")]
    [InlineData("-PT5S")]
    [InlineData("999999d")]
    [InlineData("99999999999999999999s")]
    [InlineData("\u0663\u0660s")]
    public void What_is_no_duration_is_refused(string? text) => Assert.False(DurationText.TryParse(text, out _));

    [Theory]
    [InlineData("1h30m")]
    [InlineData("250ms")]
    [InlineData("30d")]
    [InlineData("0s")]
    public void A_duration_is_written_as_it_is_read(string text)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(text, DurationText.Format(duration));
    }
}
