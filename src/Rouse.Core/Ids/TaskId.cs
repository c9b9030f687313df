using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Rouse.Core;

/// <summary>Names one task. Text form: <c>task_k3f9..._7</c>.</summary>
/// <param name="Crew">The crew it belongs to.</param>
/// <param name="Number">Unique within the crew, rising in the order of creation.</param>
[JsonConverter(typeof(IdConverter<TaskId>))]
public readonly record struct TaskId(CrewId Crew, int Number) : IParsable<TaskId>, IComparable<TaskId>
{
    private const string Prefix = "task";

    public int CompareTo(TaskId other) => Number.CompareTo(other.Number);

    public override string ToString() => IdText.Format(Prefix, Crew, Number);

    public static TaskId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a task id.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TaskId result)
    {
        var valid = IdText.TryParse(Prefix, s, out var crew, out var number);
        result = valid ? new TaskId(crew, number) : default;
        return valid;
    }
}
