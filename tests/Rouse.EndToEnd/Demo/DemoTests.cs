using System.Text.Json;
using Rouse.EndToEnd.Cli;

namespace Rouse.EndToEnd.Demo;

/// <summary>The demo is a test of its own: it fails when one of its checks does not hold.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_kills_its_worker_and_the_wake_still_comes_once()
    {
        var ended = (await RouseRun.OfAsync("demo")).ShouldEndWith(0);

        Assert.Matches(@"kill -9 +worker, pid \d+", ended.Output);
        Assert.Contains("started again", ended.Output, StringComparison.Ordinal);
        foreach (var step in (string[])["due", "leased", "dispatched", "admitted", "consumed"])
        {
            Assert.Matches($@"(?im)^  {step} +\d\d:\d\d:\d\d\.\d{{3}}Z", ended.Output);
        }

        Assert.Contains("all of it holds", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('✗', ended.Output);
        Assert.DoesNotContain('\e', ended.Output);
    }

    [Fact]
    public async Task Its_report_is_there_for_programs_too()
    {
        var ended = (await RouseRun.OfAsync("demo --json")).ShouldEndWith(0);

        using var report = JsonDocument.Parse(ended.Output);
        Assert.True(report.RootElement.GetProperty("passed").GetBoolean());
        Assert.All(report.RootElement.GetProperty("checks").EnumerateArray(), c => Assert.True(c.GetProperty("holds").GetBoolean(), c.GetRawText()));
        Assert.Equal("consumed", report.RootElement.GetProperty("wake").GetProperty("phase").GetString());
    }
}
