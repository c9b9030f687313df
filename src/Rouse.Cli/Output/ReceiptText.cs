using System.Globalization;
using Rouse.Engine;

namespace Rouse.Cli.Output;

/// <summary>Shows a wake's receipt: each step, when it was, and what proves it.</summary>
internal static class ReceiptText
{
    public static void Write(Screen screen, WakeView wake)
    {
        var first = wake.Receipt.Count == 0 ? default : wake.Receipt[0].At;
        screen.Table(
            ["", "", "", ""],
            wake.Receipt.Select(step => (FormattableString[])
            [
                $"  {step.Step}",
                $"{Clock(step.At)}",
                $"[grey]+{(step.At - first).TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture)}s[/]",
                $"[grey]{step.Detail}[/]",
            ]));
    }

    private static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
