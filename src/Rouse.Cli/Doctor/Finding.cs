using System.Text.Json.Serialization;

namespace Rouse.Cli.Doctor;

/// <summary>What one look at the machine found.</summary>
/// <param name="Advice">What to do about it; null when nothing is to be done.</param>
internal sealed record Finding(string What, Health Health, string Detail, string? Advice = null);

[JsonConverter(typeof(JsonStringEnumConverter<Health>))]
internal enum Health
{
    [JsonStringEnumMemberName("well")] Well,

    /// <summary>Rouse works, and something could be better.</summary>
    [JsonStringEnumMemberName("note")] Note,

    [JsonStringEnumMemberName("bad")] Bad,

    /// <summary>It could not be looked at, because of another finding.</summary>
    [JsonStringEnumMemberName("unknown")] Unknown,
}

internal sealed record Findings(IReadOnlyList<Finding> Items);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(Findings))]
internal sealed partial class DoctorJson : JsonSerializerContext;
