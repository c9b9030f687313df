using Rouse.EndToEnd.Faults;
using Rouse.ScriptedModel;

namespace Rouse.EndToEnd.OpenCode;

/// <summary>A scripted model, a real OpenCode that uses it, and a proxy before that: what an end-to-end test stands on.</summary>
public sealed class OpenCodeRig : IAsyncDisposable
{
    private OpenCodeRig(ScriptedModelServer model, OpenCodeServer server, FaultProxy proxy) =>
        (Model, Server, Proxy) = (model, server, proxy);

    public ScriptedModelServer Model { get; }

    public OpenCodeServer Server { get; }

    /// <summary>Configure its address where faults are to be met.</summary>
    public FaultProxy Proxy { get; }

    /// <summary>Skips the test where OpenCode is not installed.</summary>
    /// <param name="configure">Changes the options, for example to set a password.</param>
    public static async Task<OpenCodeRig> StartAsync(
        Func<OpenCodeOptions, OpenCodeOptions>? configure = null,
        CancellationToken cancellationToken = default)
    {
        var model = await ScriptedModelServer.StartAsync(cancellationToken: cancellationToken);
        try
        {
            var options = new OpenCodeOptions { Model = model.BaseUrl };
            var server = await OpenCodeServer.StartAsync(configure?.Invoke(options) ?? options, cancellationToken);
            return new OpenCodeRig(model, server, await FaultProxy.StartAsync(server.BaseUrl, cancellationToken));
        }
        catch
        {
            await model.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await Server.DisposeAsync();
        await Model.DisposeAsync();
    }
}
