namespace Rouse.Server;

/// <summary>Resolves <c>env:NAME</c> and <c>file:PATH</c>. A text that is neither may be the secret itself, so no problem repeats it.</summary>
internal static class SecretReference
{
    private const string Variable = "env:";
    private const string File = "file:";
    private const int LargestFile = 64 * 1024;

    public static Secret? Resolve(string text, string directory, SettingsSources sources, Action<string> problem)
    {
        if (text.StartsWith(Variable, StringComparison.Ordinal))
        {
            return OfVariable(text, sources, problem);
        }

        if (text.StartsWith(File, StringComparison.Ordinal))
        {
            return OfFile(text, directory, sources, problem);
        }

        problem("must name where the secret is, as env:NAME or file:PATH; a secret itself does not belong in the configuration");
        return null;
    }

    private static Secret? OfVariable(string text, SettingsSources sources, Action<string> problem)
    {
        var name = text[Variable.Length..];
        if (sources.Environment.GetValueOrDefault(name) is { Length: > 0 } value)
        {
            return new Secret(value, text);
        }

        problem($"the environment variable '{name}' is not set or empty");
        return null;
    }

    private static Secret? OfFile(string text, string directory, SettingsSources sources, Action<string> problem)
    {
        var path = PathText.Absolute(text[File.Length..], directory, sources.HomeDirectory);
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LargestFile })
            {
                problem($"the file '{path}' is too large for a secret");
                return null;
            }

            if (System.IO.File.ReadAllText(path).TrimEnd('\r', '\n') is { Length: > 0 } value)
            {
                return new Secret(value, text);
            }

            problem($"the file '{path}' is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem($"the file '{path}' cannot be read: {e.Message}");
        }

        return null;
    }
}
