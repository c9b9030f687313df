using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rouse.Engine;
using Rouse.Harnesses.Chat;
using Rouse.Sqlite;

namespace Rouse.Server;

/// <summary>One running node: opens the journal, makes the harnesses, starts the engine; and the reverse at the end.</summary>
internal sealed partial class RouseNode(RouseOptions options, IServiceProvider services, TimeProvider time, ILoggerFactory logs)
    : IHostedService, IAsyncDisposable
{
    private readonly ILogger _log = logs.CreateLogger<RouseNode>();
    private readonly List<IHarness> _harnesses = [];
    private IJournal? _journal;
    private RouseEngine? _engine;

    /// <summary>The engine's; null before the node has started and after it has stopped.</summary>
    public IBackgroundAgents? Agents => _engine?.Agents;

    /// <summary>Null before the node has started.</summary>
    public IJournal? Journal => _journal;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        options.Validate();
        _journal = await (options.OpenJournal ?? OpenSqliteAsync)(services, cancellationToken);
        foreach (var make in options.Harnesses)
        {
            _harnesses.Add(make(services));
        }

        _engine = new RouseEngine(_journal, _harnesses, options.Engine, time, Random.Shared, logs);
        await _engine.StartAsync(cancellationToken);
        foreach (var chat in _harnesses.OfType<ChatHarness>())
        {
            // Turns that were cut off go on, and may delegate: not before the engine accepts it.
            await chat.StartAsync(cancellationToken);
        }

        LogStarted(options.Data, string.Join(", ", _harnesses.Select(h => h.Instance)));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_engine is null)
        {
            return;
        }

        try
        {
            await _engine.StopAsync(options.AbortOnStop, cancellationToken);
            LogStopped();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What is owed is in the journal, and the next start performs it. Only what was on its way to a harness without keys may be lost, and is then told.
            LogCutOff();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _engine, null) is { } engine)
        {
            await engine.DisposeAsync();
        }

        foreach (var harness in _harnesses)
        {
            await harness.DisposeAsync();
        }

        _harnesses.Clear();
        if (Interlocked.Exchange(ref _journal, null) is { } journal)
        {
            await journal.DisposeAsync();
        }
    }

    private async Task<IJournal> OpenSqliteAsync(IServiceProvider _, CancellationToken cancellationToken) =>
        await SqliteJournal.OpenAsync(new SqliteJournalOptions { Directory = options.Data });

    [LoggerMessage(1, LogLevel.Information, "The node has started on {Data} with the instances: {Instances}")]
    private partial void LogStarted(string data, string instances);

    [LoggerMessage(3, LogLevel.Warning, "The node did not stop in time and is cut off; what it owes is performed at its next start")]
    private partial void LogCutOff();

    [LoggerMessage(2, LogLevel.Information, "The node has stopped")]
    private partial void LogStopped();
}
