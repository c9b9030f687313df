using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.OpenCode.Events;
using Rouse.Harnesses.OpenCode.Http;
using Rouse.Harnesses.OpenCode.Looks;
using Rouse.Harnesses.OpenCode.Prompts;
using Rouse.Harnesses.OpenCode.Server;
using Rouse.Harnesses.OpenCode.Sessions;

namespace Rouse.Harnesses.OpenCode;

/// <summary>OpenCode over its HTTP API: a server that runs already, or one that Rouse manages.</summary>
public sealed class OpenCodeHarness : IHarness
{
    private readonly OpenCodeOptions _options;
    private readonly IEndpointSource _server;
    private readonly OpenCodeClient _client;
    private readonly SessionCreation _creation;
    private readonly PromptDelivery _delivery;
    private readonly DeliverySearch _search;
    private readonly SessionInspection _inspection;
    private readonly SessionAbort _abort;
    private readonly EventWatch _watch;

    /// <summary>Where the sessions run that were created here: a deleted one no longer tells, and its turn must still be stopped.</summary>
    private readonly ConcurrentDictionary<string, string> _directories = new(StringComparer.Ordinal);

    /// <summary>Connects to nothing yet; a managed server is found or started at the first use.</summary>
    /// <exception cref="ArgumentException">An option is wrong; the message names it.</exception>
    public OpenCodeHarness(OpenCodeOptions options, TimeProvider time, ILogger logger)
    {
        options.Validate();
        _options = options;
        _server = options.Server is { } managed
            ? new ManagedServer(options.Instance, managed, time, logger)
            : new FixedEndpoint(new Endpoint(options.Url!, options.User, options.Password));
        _client = new OpenCodeClient(options.Instance, _server, time, logger);
        _creation = new SessionCreation(options, _client, time);
        _delivery = new PromptDelivery(options, _client, time);
        _search = new DeliverySearch(options, _client, time);
        _inspection = new SessionInspection(options, _client, time);
        _abort = new SessionAbort(options, _client, time);
        _watch = new EventWatch(options, _client, time, logger, new Random());
    }

    public string Instance => _options.Instance;

    public HarnessGrade Grade { get; } = new(
        DeliveryGrade.ExactlyOnce,
        "OpenCode takes message ids of the sender's choosing: a prompt is stored under the id that its key makes, once, and can be read back by it.",
        Route: "opencode-http",
        AccountsUsage: true);

    public async ValueTask<CreateResult> CreateSessionAsync(NewSession session, CancellationToken cancellationToken)
    {
        var result = await _creation.CreateAsync(session, cancellationToken);
        if (result is CreateResult.Created { Directory: { } directory } created)
        {
            _directories[created.Address.Id] = directory;
        }

        return result;
    }

    public ValueTask<DeliverResult> DeliverAsync(Address session, Prompt prompt, CancellationToken cancellationToken) =>
        IsSession(session) ? _delivery.DeliverAsync(session.Id, prompt, cancellationToken) : new(new DeliverResult.Gone());

    public ValueTask<FindResult> FindDeliveryAsync(Address session, string key, CancellationToken cancellationToken) =>
        IsSession(session) ? _search.FindAsync(session.Id, key, cancellationToken) : new(new FindResult.Gone());

    public ValueTask<InspectResult> InspectAsync(Address session, CancellationToken cancellationToken) =>
        IsSession(session) ? _inspection.InspectAsync(session.Id, cancellationToken) : new(new InspectResult.Missing());

    public IAsyncEnumerable<HarnessSignal> WatchAsync(CancellationToken cancellationToken) => _watch.WatchAsync(cancellationToken);

    public ValueTask<AbortResult> AbortAsync(Address session, CancellationToken cancellationToken) =>
        IsSession(session) ? _abort.AbortAsync(session.Id, _directories.GetValueOrDefault(session.Id), cancellationToken) : new(new AbortResult.Ended("gone"));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _client.Dispose();
    }

    /// <summary>OpenCode answers an id of another form with a fault of its own instead of "not found".</summary>
    private static bool IsSession(Address session) => session.Id.StartsWith("ses", StringComparison.Ordinal);
}
