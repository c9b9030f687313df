using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Rouse.ScriptedModel.Calls;
using Rouse.ScriptedModel.Scripts;
using Rouse.ScriptedModel.Wire;

namespace Rouse.ScriptedModel;

/// <summary>
/// A model provider on loopback whose answers are scripted by the text it is asked: each line of the last user message that starts with a
/// directive (<c>SAY SLOW DRIP REASON TOOL ERR RETRY-AFTER DROP HANG GATE NEXT</c>) is obeyed; a text without one is echoed. It records
/// every
/// call, so that a test can wait for a call and can tell when work ran twice. Safe for any number of threads.
/// </summary>
public sealed class ScriptedModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CallLog _log;
    private readonly Gates _gates = new();
    private readonly ScriptPlayer _player;
    private readonly CancellationTokenSource _stopping = new();

    private ScriptedModelServer(WebApplication app, TimeProvider time)
    {
        _app = app;
        _log = new CallLog(time);
        _player = new ScriptPlayer(_gates, time);
        app.MapGet("/v1/models", ListModelsAsync);
        app.MapPost("/v1/chat/completions", AnswerAsync);
    }

    /// <summary>The address to configure as an OpenAI-compatible base URL; ends in <c>/v1</c>.</summary>
    public Uri BaseUrl => new($"{_app.Urls.First()}/v1");

    /// <summary>
    /// Gives the script of a call, or null to let its last user message speak. For texts whose directives must not be obeyed, such as a
    /// wake
    /// that carries a child's result. Not asked about titles. Called from several threads, before the call has its number.
    /// </summary>
    public Func<ModelCall, string?>? ScriptOverride { get; set; }

    /// <summary>Every call so far, in order of arrival.</summary>
    public IReadOnlyList<ModelCall> Calls => _log.Calls;

    /// <summary>The calls that are open now. Titles do not count, here and below.</summary>
    public int InFlight => _log.InFlight();

    /// <summary>The most calls that were ever open at once.</summary>
    public int MaxInFlight => _log.MaxInFlight;

    public int InFlightOf(string model) => _log.InFlight(model);

    public int MaxInFlightOf(string model) => _log.MaxInFlightOf(model);

    /// <param name="port">0 picks a free one.</param>
    public static async Task<ScriptedModelServer> StartAsync(
        int port = 0,
        TimeProvider? time = null,
        CancellationToken cancellationToken = default)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddRoutingCore();
        var server = new ScriptedModelServer(builder.Build(), time ?? TimeProvider.System);
        await server._app.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>Opens the gate that <c>GATE:name</c> waits at, for good.</summary>
    public void Open(string gate) => _gates.Open(gate);

    /// <summary>Waits until as many calls as given match, and returns all that do. A call is looked at again whenever it changes.</summary>
    /// <param name="timeout">60 seconds when not given.</param>
    /// <exception cref="TimeoutException">Fewer came in time. The message lists every call.</exception>
    public Task<IReadOnlyList<ModelCall>> WaitForCallsAsync(
        Func<ModelCall, bool> predicate,
        int count = 1,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default) =>
        _log.WaitForAsync(predicate, count, timeout, cancellationToken);

    /// <summary>Waits until a call has come as far as <c>GATE:name</c>.</summary>
    public async Task<ModelCall> WaitAtGateAsync(string gate, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        (await WaitForCallsAsync(c => c.WaitingAt == gate, 1, timeout, cancellationToken))[0];

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    private static async Task ListModelsAsync(HttpContext context) =>
        await context.Response.WriteAsJsonAsync(new { @object = "list", data = new[] { new { id = "fake-1", @object = "model" } } });

    private async Task AnswerAsync(HttpContext context)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        ModelRequest request;
        try
        {
            request = await ChatRequest.ReadAsync(context.Request.Body, ended.Token);
        }
        catch (JsonException exception)
        {
            await ChatError.WriteAsync(context.Response, 400, exception.Message, retryAfter: null, ended.Token);
            return;
        }

        var (call, step) = Open(request);
        var id = $"chatcmpl_{call.Number:D6}";
        ModelReply reply = request.Streams ? new ChatStreamReply(context, id, call.Model) : new ChatDocumentReply(context, id, call.Model);
        try
        {
            await _player.PlayAsync(step, call, reply, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            context.Abort();
        }
        finally
        {
            call.Close(ModelCallState.ClientClosed);
        }
    }

    private (OpenCall Call, IReadOnlyList<Directive> Step) Open(ModelRequest request)
    {
        var call = new ModelCall
        {
            Model = request.Model,
            Kind = request.AsksForTitle ? ModelCallKind.Title : ModelCallKind.Script,
            Step = request.Step,
            Messages = request.Messages,
            Tools = request.Tools,
        };
        var plan = request.AsksForTitle
            ? Plan.Title
            : Plan.For(request, ScriptOverride?.Invoke(call) ?? call.LastUserText, echoed: call.LastUserText);
        return (_log.Open(call with { Kind = plan.Kind }), plan.Step);
    }
}
