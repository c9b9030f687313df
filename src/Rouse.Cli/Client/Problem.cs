using System.Globalization;

namespace Rouse.Cli.Client;

/// <summary>Why the server refused, as RFC 9457 problem details tell it. Every part may be missing.</summary>
internal sealed record Problem
{
    public string? Type { get; init; }

    public string? Title { get; init; }

    public int? Status { get; init; }

    public string? Detail { get; init; }

    /// <summary>The field at fault.</summary>
    public string? Path { get; init; }

    /// <summary>The limit that was hit.</summary>
    public string? Limit { get; init; }

    /// <summary>The value of that limit.</summary>
    public long? Value { get; init; }

    /// <summary>Each field at fault, where there are several.</summary>
    public IReadOnlyList<FieldProblem>? Errors { get; init; }

    /// <summary>The request itself was wrong, or was not allowed to be made: nothing of it was tried.</summary>
    public bool IsUsage => Status is 400 or 401 or 403 or 413;

    /// <summary>For people: what happened, the path to the field, the limit's name and value.</summary>
    public IEnumerable<string> Lines()
    {
        var what = Detail ?? Title ?? string.Create(CultureInfo.InvariantCulture, $"the server answered {Status}");
        var path = Path is null || what.StartsWith(Path, StringComparison.Ordinal) ? "" : $"{Path}: ";
        var limit = Limit is null ? "" : string.Create(CultureInfo.InvariantCulture, $" (limit {Limit}: {Value})");
        yield return $"{path}{what}{limit}";

        foreach (var error in Errors ?? [])
        {
            if (error.Path != Path || error.Detail != Detail)
            {
                yield return error.Path is null ? error.Detail ?? "" : $"{error.Path}: {error.Detail}";
            }
        }

        if (Status == 401)
        {
            yield return "give the token with --token or ROUSE_TOKEN, or name the server's data directory with --data";
        }
    }
}

internal sealed record FieldProblem(string? Path, string? Detail);
