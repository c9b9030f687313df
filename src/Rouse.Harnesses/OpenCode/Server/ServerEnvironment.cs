namespace Rouse.Harnesses.OpenCode.Server;

/// <summary>The environment of a managed server: built, not inherited, because all that its agents run inherits it (HARN-3).</summary>
internal static class ServerEnvironment
{
    /// <summary>Marks the server and all that it starts with the data directory that they belong to.</summary>
    public const string Mark = "ROUSE_OPENCODE_DATA";

    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <param name="own">Rouse's own environment.</param>
    public static Dictionary<string, string> Build(ManagedServerOptions options, ServerFiles files, string password, Func<string, string?> own)
    {
        var built = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = own("PATH") ?? DefaultPath,
            ["LANG"] = own("LANG") ?? "C.UTF-8",
            ["XDG_DATA_HOME"] = files.Data,
            ["XDG_CONFIG_HOME"] = files.Config,
            ["XDG_STATE_HOME"] = files.State,
            ["XDG_CACHE_HOME"] = files.Cache,

            // A server that replaces its own program while turns run in it is no server to rely on.
            ["OPENCODE_DISABLE_AUTOUPDATE"] = "1",
        };
        if (own("HOME") is { } home)
        {
            built["HOME"] = home;
        }

        foreach (var name in options.PassEnvironment)
        {
            if (own(name) is { } value)
            {
                built[name] = value;
            }
        }

        foreach (var (name, value) in options.Environment)
        {
            built[name] = value;
        }

        built[Mark] = files.Root;
        built["OPENCODE_SERVER_USERNAME"] = ManagedServer.User;
        built["OPENCODE_SERVER_PASSWORD"] = password;
        return built;
    }
}
