using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Rouse.Server;

/// <summary>A node with its HTTP API: what <c>rouse serve</c> runs.</summary>
public sealed class RouseServer : IAsyncDisposable
{
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(9);
    private readonly WebApplication _app;

    private RouseServer(WebApplication app, Uri url)
    {
        _app = app;
        Url = url;
    }

    /// <summary>Where it listens, with the port that was picked.</summary>
    public Uri Url { get; }

    /// <summary>The services of the node, such as <see cref="Engine.IBackgroundAgents"/>.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Runs until SIGTERM, SIGINT or the cancellation, then stops in good order within 10 s.</summary>
    /// <exception cref="IOException">The address is in use.</exception>
    /// <exception cref="Engine.JournalOpenException">The journal cannot be opened; the message says who owns it.</exception>
    public static async Task RunAsync(RouseSettings settings, RouseServerOptions options, CancellationToken cancellationToken)
    {
        await using var server = await StartAsync(settings, options, cancellationToken);
        await server.WaitForStopAsync(cancellationToken);
    }

    /// <summary>Returns when the server can answer.</summary>
    public static async Task<RouseServer> StartAsync(RouseSettings settings, RouseServerOptions options, CancellationToken cancellationToken)
    {
        DataDirectory.Ensure(settings.Data);
        var app = Build(settings, options);
        try
        {
            await app.StartAsync(cancellationToken);
            var server = new RouseServer(app, settings.Url.At(Port(app)));
            options.Listening?.Invoke(server.Url);
            return server;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for SIGTERM, SIGINT or the cancellation, and then until everything has stopped.</summary>
    public Task WaitForStopAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static WebApplication Build(RouseSettings settings, RouseServerOptions options)
    {
        // Empty: no other configuration than Rouse's own is read, and nothing is served that is not asked for.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Rouse" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, settings.Url.Endpoint));
        options.Logging?.Invoke(builder.Logging);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopDeadline);
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(AccessToken.LoadOrCreate(settings.TokenFile));
        builder.Services.AddRouseApi();
        if (options.Compose is { } compose)
        {
            compose(builder.Services);
        }
        else
        {
            builder.Services.AddRouse(settings, node =>
            {
                node.AbortOnStop = options.AbortOnStop;
                options.Node?.Invoke(node);
            });
        }

        var app = builder.Build();
        app.UseRouseApi();
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, IPEndPoint endpoint)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = RequestBody.Largest;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.Listen(endpoint, listen => listen.Protocols = HttpProtocols.Http1);
    }

    private static int Port(WebApplication app) =>
        new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
}
