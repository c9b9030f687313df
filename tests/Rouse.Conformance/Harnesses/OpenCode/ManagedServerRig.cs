using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Rouse.EndToEnd.OpenCode;
using Rouse.Engine;
using Rouse.Harnesses.OpenCode;
using Rouse.Harnesses.OpenCode.Server;
using Rouse.Harnesses.Processes;
using Rouse.ScriptedModel;
using HarnessOptions = Rouse.Harnesses.OpenCode.OpenCodeOptions;

namespace Rouse.Conformance.Harnesses.OpenCode;

/// <summary>What servers that Rouse manages stand on: a directory of their own, a configuration, and a scripted model.</summary>
internal sealed class ManagedServerRig : IAsyncDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("rouse-managed-");
    private ScriptedModelServer? _model;
    private OpenCodeHome? _home;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>There from the first opening on.</summary>
    public ScriptedModelServer Model => _model ?? throw new InvalidOperationException("Nothing was opened yet.");

    public ServerFiles Files => new(Path.Combine(_root.FullName, "opencode"));

    public async ValueTask<ServerRecord?> RecordAsync() => await ServerRecord.ReadAsync(Files.Record, Cancelled);

    public static NewSession NewSession(string key) => new() { Key = key, Title = "managed", Agent = "build" };

    /// <param name="stop">Whether the server ends with its adapter.</param>
    public async Task<IHarness> OpenAsync(bool stop = false, string? command = null, ImmutableArray<string> pass = default)
    {
        var binary = await OpenCodeInstall.RequireAsync(Cancelled);
        _model ??= await ScriptedModelServer.StartAsync(cancellationToken: Cancelled);
        _home ??= new OpenCodeHome(_model.BaseUrl);

        // The data is the managed server's own; the configuration is the one that the rig wrote.
        var environment = _home.Environment
            .Where(e => e.Key.StartsWith("OPENCODE_", StringComparison.Ordinal) || e.Key is "HOME" or "XDG_CONFIG_HOME" or "npm_config_registry")
            .ToImmutableSortedDictionary(StringComparer.Ordinal);
        var server = new ManagedServerOptions
        {
            Command = command ?? binary,
            Directory = _home.Project,
            DataDirectory = Files.Root,
            Environment = environment,
            PassEnvironment = pass.IsDefault ? [] : pass,
            StopServerOnDispose = stop,
        };
        return new OpenCodeHarness(new HarnessOptions { Instance = "opencode@own", Server = server }, TimeProvider.System, NullLogger.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(Files.Root) && await ServerRecord.ReadAsync(Files.Record, CancellationToken.None) is { } left)
        {
            await ProcessTree.KillAsync(left.Process, ProcessTree.DefaultGrace, TimeProvider.System, CancellationToken.None);
        }

        if (_model is not null)
        {
            await _model.DisposeAsync();
        }

        _home?.Dispose();
        _root.Delete(recursive: true);
    }
}
