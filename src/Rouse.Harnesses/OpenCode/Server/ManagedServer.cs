using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Rouse.Harnesses.OpenCode.Http;
using Rouse.Harnesses.Processes;
using Rouse.Harnesses.Secrets;

namespace Rouse.Harnesses.OpenCode.Server;

/// <summary>
/// Keeps one server up for one data directory: finds the one that runs, starts one where there is none, starts it anew when it dies.
/// Nothing watches it in between: whoever needs it asks, and the event watch always needs it.
/// </summary>
internal sealed partial class ManagedServer : IEndpointSource
{
    public const string User = "opencode";

    private const int PasswordBytes = 32;

    /// <summary>A server that ran this long died of something new: the next start comes at once again.</summary>
    private static readonly TimeSpan Healthy = TimeSpan.FromMinutes(1);

    /// <summary>How long a found server may be too busy to answer before it counts as hung.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan[] Delays =
        [TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30)];

    private readonly string _instance;
    private readonly ManagedServerOptions _options;
    private readonly ServerFiles _files;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HealthCheck _health;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private ServerLock? _lock;
    private ServerProcess? _process;
    private Running? _running;
    private Task<Reply<Endpoint>>? _starting;
    private DateTimeOffset _notBefore;
    private string _lastFailure = "";
    private int _failures;
    private bool _isDisposed;

    public ManagedServer(string instance, ManagedServerOptions options, TimeProvider time, ILogger logger)
    {
        _instance = instance;
        _options = options;
        _files = new ServerFiles(Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.DataDirectory)));
        _time = time;
        _logger = logger;
        _health = new HealthCheck(time);
    }

    public async ValueTask<Reply<Endpoint>> GetAsync(CancellationToken cancellationToken)
    {
        Task<Reply<Endpoint>> starting;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return Down($"The OpenCode server of {_instance} is no longer managed: Rouse is stopping.");
            }

            if (_running is { } running)
            {
                if (running.Record.Process.IsAlive())
                {
                    return Reply<Endpoint>.Ok(running.Endpoint);
                }

                NoteDeath(running);
            }

            if (_starting is not { IsCompleted: false })
            {
                var wait = _notBefore - _time.GetUtcNow();
                if (wait > TimeSpan.Zero)
                {
                    return Down($"The OpenCode server of {_instance} is started again in {wait.TotalSeconds:0.#} s. {_lastFailure}");
                }

                _starting = StartAsync(_stopping.Token);
            }

            starting = _starting;
        }

        return await starting.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Task? starting;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            starting = _starting;
        }

        await _stopping.CancelAsync();
        if (starting is not null)
        {
            await starting;
        }

        if (_options.StopServerOnDispose && _running is { } running)
        {
            await ProcessTree.KillAsync(running.Record.Process, ProcessTree.DefaultGrace, _time, CancellationToken.None);
            await ProcessTree.KillMarkedAsync(ServerEnvironment.Mark, _files.Root, ProcessTree.DefaultGrace, _time, CancellationToken.None);
            File.Delete(_files.Record);
        }

        _process?.Dispose();
        _health.Dispose();
        _lock?.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Never throws: whoever waits gets the reason.</summary>
    private async Task<Reply<Endpoint>> StartAsync(CancellationToken cancellationToken)
    {
        // The caller holds the gate: what follows may touch the disk and must not run under it.
        await Task.Yield();
        try
        {
            _files.CreateDirectories();
            _lock ??= ServerLock.TryTake(_files.Lock);
            if (_lock is null)
            {
                return NoteFailure($"Another Rouse manages the OpenCode server of '{_files.Root}'; two servers on one data directory fork its sessions.");
            }

            var (record, failure) = await FindAsync(cancellationToken) is { } found ? (found, null) : await LaunchAsync(cancellationToken);
            if (record is null)
            {
                return NoteFailure(failure!);
            }

            var running = new Running(record, new Endpoint(record.Url, User, record.Password), _time.GetTimestamp());
            lock (_gate)
            {
                _running = running;
            }

            return Reply<Endpoint>.Ok(running.Endpoint);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Down($"The OpenCode server of {_instance} is no longer started: Rouse is stopping.");
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return NoteFailure($"The OpenCode server of {_instance} cannot be started: {broken.Message}");
        }
    }

    /// <summary>The server that an earlier Rouse left running, if it is still the same process and answers.</summary>
    private async ValueTask<ServerRecord?> FindAsync(CancellationToken cancellationToken)
    {
        var record = await ServerRecord.ReadAsync(_files.Record, cancellationToken);
        if (record is not null && record.Process.IsAlive())
        {
            if (await AnswersAsync(record, cancellationToken))
            {
                LogFound(_instance, record.Process.Id, record.Url);
                return record;
            }

            LogHung(_instance, record.Process.Id);
        }

        await EndLeftoversAsync(cancellationToken);
        return null;
    }

    /// <summary>
    /// A server that hangs, or whose start Rouse did not live to record, and the tools of one that died, which go on with work that nobody waits
    /// for: nothing of it may run beside a new server.
    /// </summary>
    private async ValueTask EndLeftoversAsync(CancellationToken cancellationToken)
    {
        var (found, gone) = await ProcessTree.KillMarkedAsync(
            ServerEnvironment.Mark, _files.Root, ProcessTree.DefaultGrace, _time, cancellationToken);
        if (found > 0)
        {
            LogLeftovers(_instance, found);
        }

        if (!gone)
        {
            throw new InvalidOperationException("processes of the former server cannot be ended, and no second one may run beside them.");
        }
    }

    private async ValueTask<bool> AnswersAsync(ServerRecord record, CancellationToken cancellationToken)
    {
        var endpoint = new Endpoint(record.Url, User, record.Password);
        var since = _time.GetTimestamp();
        while (record.Process.IsAlive() && _time.GetElapsedTime(since) < Patience)
        {
            if (await _health.AskAsync(endpoint, cancellationToken) is null)
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), _time, cancellationToken);
        }

        return false;
    }

    private async ValueTask<(ServerRecord? Record, string? Failure)> LaunchAsync(CancellationToken cancellationToken)
    {
        var password = RandomNumberGenerator.GetHexString(2 * PasswordBytes, lowercase: true);
        var environment = ServerEnvironment.Build(_options, _files, password, Environment.GetEnvironmentVariable);
        _process?.Dispose();
        _process = ServerProcess.Start(_options, _files, environment);
        if (_process is not { } process)
        {
            return (null, await ExplainAsync("ended at once", password, cancellationToken));
        }

        using var deadline = new Deadline(_options.StartDeadline, _time, cancellationToken);
        try
        {
            if (await process.WaitListeningAsync(_files.Log, _time, deadline.Token) is not { } url)
            {
                return (null, await ExplainAsync("ended at its start", password, cancellationToken));
            }

            var record = new ServerRecord(process.Identity, url, password);
            await record.WriteAsync(_files.Record, deadline.Token);
            LogStarted(_instance, process.Identity.Id, url);
            return (record, null);
        }
        catch (OperationCanceledException)
        {
            // Not recorded yet: left alone it would run on with nobody who knows its password.
            await EndLeftoversAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            return (null, await ExplainAsync($"did not say that it listens within {_options.StartDeadline.TotalSeconds:0.#} s", password, cancellationToken));
        }
    }

    private async ValueTask<string> ExplainAsync(string what, string password, CancellationToken cancellationToken)
    {
        var tail = SecretScrub.Clean(await ServerProcess.TailAsync(_files.Log, cancellationToken), password);
        return $"The OpenCode server of {_instance} ('{_options.Command}') {what}; its log is '{_files.Log}'. {tail}".TrimEnd();
    }

    private void NoteDeath(Running running)
    {
        _running = null;
        if (_time.GetElapsedTime(running.Since) >= Healthy)
        {
            _failures = 0;
        }

        _lastFailure = $"Process {running.Record.Process.Id} ended.";
        Delay();
        LogDied(_instance, running.Record.Process.Id, Math.Max(0, (_notBefore - _time.GetUtcNow()).TotalSeconds));
    }

    private Reply<Endpoint> NoteFailure(string reason)
    {
        lock (_gate)
        {
            _lastFailure = reason;
            _failures = Math.Max(_failures, 1);
            Delay();
        }

        LogNotStarted(_instance, reason);
        return Down(reason);
    }

    private void Delay()
    {
        _notBefore = _time.GetUtcNow() + Delays[Math.Min(_failures, Delays.Length - 1)];
        _failures++;
    }

    private static Reply<Endpoint> Down(string reason) => Reply<Endpoint>.Fail(new CallFailure(CallFailureKind.NotConnected, reason));

    private sealed record Running(ServerRecord Record, Endpoint Endpoint, long Since);
}
