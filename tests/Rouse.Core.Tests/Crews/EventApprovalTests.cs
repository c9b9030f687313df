using System.Runtime.CompilerServices;
using System.Text;

namespace Rouse.Core.Tests;

/// <summary>
/// The names and fields under which events are stored. They are read again years later: a change here that is not an addition breaks
/// every journal there is.
/// </summary>
public sealed class EventApprovalTests
{
    private const string Accept = "ROUSE_ACCEPT";

    // CRASH-12
    [Fact]
    public async Task Events_are_stored_under_the_approved_names_and_fields()
    {
        var received = new StringBuilder();
        foreach (var e in SampleEvents.All)
        {
            received.Append(EventCodec.NameOf(e)).Append("\n  ").Append(Encoding.UTF8.GetString(EventCodec.Encode(e))).Append('\n');
        }

        if (Environment.GetEnvironmentVariable(Accept) is not null)
        {
            await File.WriteAllTextAsync(ApprovedFile(), received.ToString(), TestContext.Current.CancellationToken);
            return;
        }

        using var reader = new StreamReader(typeof(EventApprovalTests).Assembly.GetManifestResourceStream("events.approved.txt")!);
        var approved = (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n');
        var now = received.ToString().Split('\n');
        var difference = Enumerable.Range(0, Math.Max(approved.Length, now.Length))
            .Select(i => (Approved: approved.ElementAtOrDefault(i), Now: now.ElementAtOrDefault(i)))
            .Where(l => l.Approved != l.Now)
            .SelectMany(l => new[] { $"approved: {l.Approved}", $"now:      {l.Now}" });
        var told = string.Join('\n', difference);
        Assert.True(told.Length == 0, $"{told}\n\nIf stored journals can still be read with this, run this test with {Accept}=1 and look at the difference of {ApprovedFile()}.");
    }

    [Fact]
    public void Every_kind_of_event_is_among_the_samples() =>
        Assert.Equal(EventCodec.Names.Order(StringComparer.Ordinal), SampleEvents.All.Where(e => e is not UnknownEvent).Select(EventCodec.NameOf).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Every_kind_of_event_has_a_name_of_its_own()
    {
        var kinds = typeof(Event).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Event)) && t != typeof(UnknownEvent));

        Assert.Equal(kinds.Count(), EventCodec.Names.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(kinds.OrderBy(t => t.Name, StringComparer.Ordinal), SampleEvents.All.Select(e => e.GetType()).Where(t => t != typeof(UnknownEvent)).Distinct().OrderBy(t => t.Name, StringComparer.Ordinal));
    }

    private static string ApprovedFile([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "events.approved.txt");
}
