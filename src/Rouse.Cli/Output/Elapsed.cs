using System.Globalization;

namespace Rouse.Cli.Output;

/// <summary>How long something took or is ago, as people read it.</summary>
internal static class Elapsed
{
    /// <summary>The two largest units: <c>0.8s</c>, <c>42s</c>, <c>3m12s</c>, <c>5h04m</c>, <c>2d03h</c>. A clock that went back shows <c>0.0s</c>.</summary>
    public static string Text(TimeSpan duration)
    {
        var d = duration < TimeSpan.Zero ? TimeSpan.Zero : duration;
        return d switch
        {
            { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{d.TotalSeconds:0.0}s"),
            { TotalMinutes: < 1 } => $"{d.Seconds}s",
            { TotalHours: < 1 } => $"{d.Minutes}m{d.Seconds:00}s",
            { TotalDays: < 1 } => $"{d.Hours}h{d.Minutes:00}m",
            _ => $"{d.Days}d{d.Hours:00}h",
        };
    }
}
