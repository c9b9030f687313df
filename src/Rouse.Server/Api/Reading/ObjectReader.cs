using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Rouse.Core;

namespace Rouse.Server;

/// <summary>
/// Reads one object of a request by its fields. A wrong value is told and answered with an empty one, so that reading goes on and
/// everything wrong is found; <see cref="End"/> tells the fields that nobody asked for.
/// </summary>
internal sealed class ObjectReader
{
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<FieldProblem> _problems;
    private readonly string _path;

    public ObjectReader(JsonElement json, string path, List<FieldProblem> problems)
    {
        _path = path;
        _problems = problems;
        foreach (var member in json.EnumerateObject())
        {
            if (NameOf(member) is not { } name)
            {
                problems.Add(new FieldProblem(path.Length == 0 ? "$" : path, "holds a field whose name is not valid Unicode"));
            }
            else if (!_members.TryAdd(name, member.Value))
            {
                Problem(name, "is given twice");
            }
        }
    }

    public void Problem(string field, string detail) => _problems.Add(new FieldProblem(Join(field), detail));

    /// <summary>Text that must be there.</summary>
    /// <param name="most">UTF-16 units at most.</param>
    public string RequiredText(string field, int most) => OptionalText(field, most) ?? Missing(field, "");

    /// <summary>Text of at most <paramref name="most"/> units; null when the field is not given.</summary>
    public string? OptionalText(string field, int most) => Take(field) is { } value ? TextOf(value, field, most) : null;

    /// <summary>Text that must be there, bounded by its size in UTF-8.</summary>
    public string RequiredBody(string field, int mostBytes) => OptionalBody(field, mostBytes) ?? Missing(field, "");

    public string? OptionalBody(string field, int mostBytes)
    {
        var text = OptionalText(field, mostBytes);
        if (text is not null && Encoding.UTF8.GetByteCount(text) > mostBytes)
        {
            Problem(field, TooLong(mostBytes, "bytes of UTF-8"));
        }

        return text;
    }

    public T RequiredId<T>(string field)
        where T : struct, IParsable<T> => OptionalId<T>(field) ?? Missing(field, default(T));

    public T? OptionalId<T>(string field)
        where T : struct, IParsable<T> => Take(field) is { } value ? IdOf<T>(value, field) : null;

    public int Integer(string field, int fallback, int least, int most)
    {
        if (Take(field) is not { } value)
        {
            return fallback;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most)
        {
            return number;
        }

        Problem(field, $"must be a whole number from {least} to {most}");
        return fallback;
    }

    public TimeSpan? Duration(string field, TimeSpan least, TimeSpan most)
    {
        if (OptionalText(field, 64) is not { Length: > 0 } text)
        {
            return null;
        }

        if (!DurationText.TryParse(text, out var duration) || duration < least || duration > most)
        {
            Problem(field, $"{DurationText.Expected}, from {DurationText.Format(least)} to {DurationText.Format(most)}");
        }

        return duration;
    }

    /// <summary>One of a few words that must be there.</summary>
    public T RequiredChoice<T>(string field, T empty, params ReadOnlySpan<(string Word, T Value)> choices) =>
        _members.ContainsKey(field) ? Choice(field, empty, choices) : Missing(field, empty);

    /// <summary>One of a few words.</summary>
    public T Choice<T>(string field, T fallback, params ReadOnlySpan<(string Word, T Value)> choices)
    {
        if (Take(field) is not { } value)
        {
            return fallback;
        }

        var words = new List<string>();
        foreach (var (word, meaning) in choices)
        {
            if (value.ValueKind == JsonValueKind.String && value.ValueEquals(word))
            {
                return meaning;
            }

            words.Add(word);
        }

        Problem(field, $"must be one of: {string.Join(", ", words)}");
        return fallback;
    }

    /// <summary>An object that must be there; an empty one stands in for it otherwise.</summary>
    public T? RequiredObject<T>(string field, Func<ObjectReader, T> read)
        where T : class => _members.ContainsKey(field) ? OptionalObject(field, read) : Missing<T?>(field, null);

    public T? OptionalObject<T>(string field, Func<ObjectReader, T> read)
        where T : class => Take(field) is { } value ? ObjectOf(value, field, read) : null;

    public ImmutableArray<T> Objects<T>(string field, int most, Func<ObjectReader, T> read)
        where T : class => [.. Items(field, most).Select(i => ObjectOf(i.Value, i.Field, read)).OfType<T>()];

    public ImmutableArray<string> Texts(string field, int most, int longest) =>
        [.. Items(field, most).Select(i => TextOf(i.Value, i.Field, longest)).OfType<string>()];

    public ImmutableArray<T> RequiredIds<T>(string field, int most)
        where T : struct, IParsable<T>
    {
        if (!_members.TryGetValue(field, out var value))
        {
            return Missing(field, ImmutableArray<T>.Empty);
        }

        var items = Items(field, most).ToList();
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0)
        {
            Problem(field, "must hold at least one id");
        }

        return [.. items.Select(i => IdOf<T>(i.Value, i.Field)).OfType<T>()];
    }

    /// <summary>An object whose fields are names and whose values are true or false.</summary>
    public ImmutableSortedDictionary<string, bool> Flags(string field, int most, int longestName)
    {
        var flags = ImmutableSortedDictionary.CreateBuilder<string, bool>(StringComparer.Ordinal);
        _ = OptionalObject(field, names =>
        {
            if (names._members.Count > most)
            {
                Problem(field, TooMany(most));
            }

            foreach (var (name, value) in names._members)
            {
                names._known.Add(name);
                if (string.IsNullOrWhiteSpace(name) || name.Length > longestName || name.Any(char.IsControl))
                {
                    names.Problem(name, $"is not a name of at most {longestName} visible characters");
                }
                else if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                {
                    names.Problem(name, "must be true or false");
                }
                else
                {
                    flags[name] = value.GetBoolean();
                }
            }

            return names;
        });
        return flags.ToImmutable();
    }

    /// <summary>Tells every field that was not asked for.</summary>
    public void End()
    {
        foreach (var name in _members.Keys.Where(n => !_known.Contains(n)).Order(StringComparer.Ordinal))
        {
            Problem(name, $"is not a field of this request; known here: {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
        }
    }

    private IEnumerable<(JsonElement Value, string Field)> Items(string field, int most)
    {
        if (Take(field) is not { } value)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Problem(field, "must be a list");
            return [];
        }

        if (value.GetArrayLength() > most)
        {
            Problem(field, TooMany(most));
            return [];
        }

        return value.EnumerateArray().Select((item, index) => (item, $"{field}[{index}]"));
    }

    private T? ObjectOf<T>(JsonElement value, string field, Func<ObjectReader, T> read)
        where T : class
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            Problem(field, "must be an object");
            return null;
        }

        var below = new ObjectReader(value, Join(field), _problems);
        var result = read(below);
        below.End();
        return result;
    }

    private T? IdOf<T>(JsonElement value, string field)
        where T : struct, IParsable<T>
    {
        if (value.ValueKind == JsonValueKind.String && Decoded(value) is { } text && T.TryParse(text, provider: null, out var id))
        {
            return id;
        }

        Problem(field, $"must be {IdKinds.Of<T>()}");
        return null;
    }

    private string? TextOf(JsonElement value, string field, int most)
    {
        var detail = value.ValueKind != JsonValueKind.String ? "must be text"
            : Decoded(value) is not { } text ? "must be valid Unicode"
            : string.IsNullOrWhiteSpace(text) ? "must not be empty"
            : text.Length > most ? TooLong(most, "characters")
            : text.Contains('\0', StringComparison.Ordinal) ? "must not hold the character U+0000"
            : null;
        if (detail is null)
        {
            return value.GetString();
        }

        // An empty text rather than none: the field is there, so that it is not told as missing as well.
        Problem(field, detail);
        return "";
    }

    private T Missing<T>(string field, T empty)
    {
        _known.Add(field);
        if (!_members.ContainsKey(field))
        {
            Problem(field, "is missing");
        }

        return empty;
    }

    private JsonElement? Take(string field)
    {
        _known.Add(field);
        return _members.TryGetValue(field, out var value) ? value : null;
    }

    private string Join(string field)
    {
        var shown = TextBounds.Head(TextBounds.Visible(field), 100);
        return _path.Length == 0 ? shown : $"{_path}.{shown}";
    }

    private static string TooLong(int most, string unit) => $"must be of at most {most} {unit}";

    private static string TooMany(int most) => $"must hold at most {most} entries";

    // JSON may escape half a surrogate pair, which the parser finds only when the text is read.
    private static string? Decoded(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
