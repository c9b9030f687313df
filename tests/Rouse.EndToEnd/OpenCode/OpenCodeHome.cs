using System.Text.Json.Nodes;

namespace Rouse.EndToEnd.OpenCode;

/// <summary>
/// Everything an OpenCode process keeps on disk, in a temporary folder of its own: data, configuration and one project. It outlives the
/// process, so that a restart finds what a kill left. Disposing deletes it.
/// </summary>
public sealed class OpenCodeHome : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("rouse-opencode-");

    /// <param name="model">The base URL of the scripted model.</param>
    /// <param name="configure">Changes the configuration before it is written.</param>
    public OpenCodeHome(Uri model, Action<JsonObject>? configure = null)
    {
        Project = CreateProject("project");
        var config = OpenCodeConfig.For(model);
        configure?.Invoke(config);
        File.WriteAllText(Path.Combine(Folder("config", "opencode"), "opencode.json"), config.ToJsonString());
    }

    /// <summary>The directory that sessions live in unless a test says otherwise.</summary>
    public string Project { get; }

    /// <summary>The whole environment of a process that uses this home; nothing else is to be inherited.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
        ["HOME"] = Folder("home"),
        ["TMPDIR"] = Folder("tmp"),
        ["XDG_DATA_HOME"] = Folder("data"),
        ["XDG_CONFIG_HOME"] = Folder("config"),
        ["XDG_STATE_HOME"] = Folder("state"),
        ["XDG_CACHE_HOME"] = Folder("cache"),
        ["OPENCODE_DISABLE_MODELS_FETCH"] = "1",
        ["OPENCODE_DISABLE_AUTOUPDATE"] = "1",
        ["OPENCODE_DISABLE_DEFAULT_PLUGINS"] = "1",
        ["OPENCODE_DISABLE_LSP_DOWNLOAD"] = "1",
        // OpenCode installs 63 MB of plugin support in the background of a directory's first turn; nothing listens here, so it fails at
        // once.
        ["npm_config_registry"] = "http://127.0.0.1:9/",
    };

    /// <summary>A further directory for sessions.</summary>
    public string CreateProject(string name) => Folder("projects", name);

    public void Dispose() => _root.Delete(recursive: true);

    private string Folder(params string[] names) => Directory.CreateDirectory(Path.Combine([_root.FullName, .. names])).FullName;
}
