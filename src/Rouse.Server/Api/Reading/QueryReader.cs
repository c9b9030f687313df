using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Rouse.Server;

/// <summary>Reads the query of a call; what the call does not declare is refused.</summary>
internal sealed class QueryReader
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<FieldProblem> _problems = [];

    public QueryReader(HttpContext http)
    {
        var declared = http.GetEndpoint()?.Metadata.GetMetadata<QueryDeclaration>()?.Parameters ?? [];
        foreach (var (name, values) in http.Request.Query)
        {
            if (!declared.Any(d => d.Name == name))
            {
                _problems.Add(new FieldProblem(
                    Core.TextBounds.Head(Core.TextBounds.Visible(name), 100),
                    $"is not a parameter of this call; known here: {string.Join(", ", declared.Select(d => d.Name))}"));
            }
            else if (values is not [{ Length: > 0 } value])
            {
                _problems.Add(new FieldProblem(name, "must be given once and not be empty"));
            }
            else
            {
                _values[name] = value;
            }
        }
    }

    public bool Has(QueryParameter parameter) => _values.ContainsKey(parameter.Name);

    public void Problem(QueryParameter parameter, string detail) => _problems.Add(new FieldProblem(parameter.Name, detail));

    public string? Text(QueryParameter parameter, int most)
    {
        if (_values.GetValueOrDefault(parameter.Name) is not { } text)
        {
            return null;
        }

        if (text.Length > most || text.Any(char.IsControl))
        {
            Problem(parameter, $"must be of at most {most} visible characters");
        }

        return text;
    }

    public T? Id<T>(QueryParameter parameter)
        where T : struct, IParsable<T>
    {
        if (_values.GetValueOrDefault(parameter.Name) is not { } text)
        {
            return null;
        }

        if (T.TryParse(text, provider: null, out var id))
        {
            return id;
        }

        Problem(parameter, $"must be {IdKinds.Of<T>()}");
        return null;
    }

    public int Integer(QueryParameter parameter, int fallback, int least, int most)
    {
        if (_values.GetValueOrDefault(parameter.Name) is not { } text)
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        Problem(parameter, $"must be a whole number from {least} to {most}");
        return fallback;
    }

    /// <summary>Several words separated by commas, each with a meaning.</summary>
    public IReadOnlyList<T>? Choices<T>(QueryParameter parameter, IReadOnlyDictionary<string, T> choices)
    {
        if (_values.GetValueOrDefault(parameter.Name) is not { } text)
        {
            return null;
        }

        var words = text.Split(',');
        if (words.All(choices.ContainsKey))
        {
            return [.. words.Distinct(StringComparer.Ordinal).Select(w => choices[w])];
        }

        Problem(parameter, $"must be one or more of, separated by commas: {string.Join(", ", choices.Keys)}");
        return null;
    }

    public void End()
    {
        if (_problems.Count > 0)
        {
            throw new ProblemException(KnownProblems.Invalid(_problems));
        }
    }
}

/// <summary>The parameters of an endpoint, as its metadata.</summary>
internal sealed record QueryDeclaration(IReadOnlyList<QueryParameter> Parameters);
