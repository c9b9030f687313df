namespace Rouse.EndToEnd.OpenCode;

/// <summary>
/// A real OpenCode server that a test may kill and start again on the same port and data. Its members are not for use from several threads
/// at once; its HTTP interface is.
/// </summary>
public sealed class OpenCodeServer : IAsyncDisposable
{
    private const int PortsToTry = 3;

    private readonly OpenCodeOptions _options;
    private readonly string _binary;
    private OpenCodeProcess _process;

    private OpenCodeServer(OpenCodeOptions options, string binary, OpenCodeHome home, int port, OpenCodeProcess process)
    {
        (_options, _binary, _process) = (options, binary, process);
        Home = home;
        Port = port;
        BaseUrl = new Uri($"http://127.0.0.1:{port}");
        Client = new OpenCodeClient(BaseUrl, home.Project, options.Password);
    }

    public OpenCodeHome Home { get; }

    public int Port { get; }

    public Uri BaseUrl { get; }

    /// <summary>Speaks to the server for the home's project; goes on working after a restart.</summary>
    public OpenCodeClient Client { get; }

    public int ProcessId => _process.Id;

    /// <summary>What the running process has printed, for the story of a failed test.</summary>
    public string Output => _process.Output;

    /// <summary>Starts a server in a new home, and returns when it answers. Skips the test where OpenCode is not installed.</summary>
    public static async Task<OpenCodeServer> StartAsync(OpenCodeOptions options, CancellationToken cancellationToken)
    {
        var binary = await OpenCodeInstall.RequireAsync(cancellationToken);
        var home = new OpenCodeHome(options.Model, options.Configure);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var port = LoopbackPort.Pick();
                try
                {
                    var process = await OpenCodeProcess.StartAsync(binary, home, port, options, cancellationToken);
                    return new OpenCodeServer(options, binary, home, port, process);
                }
                catch (OpenCodeProcessException exception) when (exception.PortIsTaken && attempt < PortsToTry)
                {
                    // Another process took the port between the look and the start.
                }
            }
        }
        catch
        {
            home.Dispose();
            throw;
        }
    }

    /// <summary>Kills the process and all its descendants with SIGKILL, and returns when it is gone.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Starts the server again on the same port and data, killing it first if it runs. Returns when it answers.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await _process.DisposeAsync();
        _process = await OpenCodeProcess.StartAsync(_binary, Home, Port, _options, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
        Home.Dispose();
    }
}
