using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Rouse.Server;

namespace Rouse.Cli.Values;

/// <summary>Options and arguments whose wrong values are answered with what is allowed.</summary>
internal static class Value
{
    public static Option<Uri?> Url(string name, string description, bool recursive = false) => new(name)
    {
        Description = description,
        HelpName = "url",
        Recursive = recursive,
        CustomParser = result =>
            Uri.TryCreate(Text(result), UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
                ? url
                : Wrong<Uri?>(result, name, "is not an address such as http://127.0.0.1:7410"),
    };

    public static Option<TimeSpan?> Duration(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "duration",
        CustomParser = result =>
            DurationText.TryParse(Text(result), out var duration)
                ? duration
                : Wrong<TimeSpan?>(result, name, DurationText.Expected),
    };

    public static Option<int?> Number(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "number",
        CustomParser = result =>
            int.TryParse(Text(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
                ? number
                : Wrong<int?>(result, name, $"is not a whole number from {least} to {most}"),
    };

    public static Option<long?> Position(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "position",
        CustomParser = result =>
            long.TryParse(Text(result), NumberStyles.None, CultureInfo.InvariantCulture, out var position)
                ? position
                : Wrong<long?>(result, name, "is not a position: a whole number from 0"),
    };

    public static Option<T?> Id<T>(string name, string description, string example)
        where T : struct, IParsable<T> => new(name)
    {
        Description = description,
        HelpName = "id",
        CustomParser = result => TryId<T>(result, name, example),
    };

    public static Argument<T?> IdArgument<T>(string name, string description, string example)
        where T : struct, IParsable<T> => new(name)
    {
        Description = description,

        // A value type that may be null would make the argument optional.
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result => TryId<T>(result, name, example),
    };

    /// <summary>An option that can be given several times, or once with a comma between its values.</summary>
    public static Option<string[]> Several(string name, string description, string helpName) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => [.. result.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
    };

    public static Option<string[]> SeveralOf(string name, string description, params string[] allowed)
    {
        var option = Several(name, $"{description}: {string.Join(", ", allowed)}", "value");
        var split = option.CustomParser!;
        option.CustomParser = result =>
        {
            var values = split(result)!;
            var wrong = values.FirstOrDefault(v => !allowed.Contains(v, StringComparer.Ordinal));
            return wrong is null ? values : Wrong<string[]>(result, name, wrong, $"is not one of {string.Join(", ", allowed)}");
        };
        return option;
    }

    public static Option<string?> OneOf(string name, string description, params string[] allowed) => new(name)
    {
        Description = $"{description}: {string.Join(", ", allowed)}",
        HelpName = "value",
        CustomParser = result =>
            allowed.Contains(Text(result), StringComparer.Ordinal)
                ? Text(result)
                : Wrong<string?>(result, name, $"is not one of {string.Join(", ", allowed)}"),
    };

    private static T? TryId<T>(ArgumentResult result, string name, string example)
        where T : struct, IParsable<T> =>
        T.TryParse(Text(result), provider: null, out var id) ? id : Wrong<T?>(result, name, $"is not an id such as {example}");

    private static string Text(ArgumentResult result) => result.Tokens[^1].Value;

    private static T? Wrong<T>(ArgumentResult result, string name, string what) => Wrong<T>(result, name, Text(result), what);

    private static T? Wrong<T>(ArgumentResult result, string name, string value, string what)
    {
        result.AddError($"{name}: '{value}' {what}");
        return default;
    }
}
