using System.Text.Json.Serialization;
using Rouse.Engine;

namespace Rouse.Cli.Demo;

/// <summary>What the demo found: the checks, and the receipt of the wake that was to be delivered once.</summary>
/// <param name="Passed">All checks hold.</param>
internal sealed record DemoReport(bool Passed, IReadOnlyList<Check> Checks, WakeView? Wake);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(DemoReport))]
internal sealed partial class DemoJson : JsonSerializerContext;
