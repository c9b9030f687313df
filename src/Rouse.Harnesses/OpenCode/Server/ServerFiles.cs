namespace Rouse.Harnesses.OpenCode.Server;

/// <summary>What lies in a managed server's data directory.</summary>
internal sealed record ServerFiles(string Root)
{
    /// <summary>Held while one Rouse manages the server; holds who that is.</summary>
    public string Lock => Path.Combine(Root, "rouse.lock");

    /// <summary>The server that runs, so that the next Rouse finds it again.</summary>
    public string Record => Path.Combine(Root, "server.json");

    public string Log => Path.Combine(Root, "server.log");

    public string PreviousLog => Path.Combine(Root, "server.previous.log");

    public string Data => Path.Combine(Root, "data");

    public string Config => Path.Combine(Root, "config");

    public string State => Path.Combine(Root, "state");

    public string Cache => Path.Combine(Root, "cache");

    public void CreateDirectories()
    {
        foreach (var directory in (string[])[Root, Data, Config, State, Cache])
        {
            PrivateFile.CreateDirectory(directory);
        }
    }
}
