using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rouse.Engine;

namespace Rouse.Server.Tests;

public sealed class OrderTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_node_runs_for_as_long_as_the_server_listens()
    {
        using var data = new TemporaryDirectory();
        var node = new Probe();
        var settings = new RouseSettings { Data = data.Path, Url = new ListenUrl("localhost", new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0)) };
        Uri? told = null;
        var options = new RouseServerOptions
        {
            Listening = url => told = url,
            Compose = s => s.AddSingleton<IBackgroundAgents>(new FakeAgents()).AddSingleton<IHostedService>(p =>
            {
                node.Server = p.GetRequiredService<IServer>();
                return node;
            }),
        };

        await using (var server = await RouseServer.StartAsync(settings, options, Cancelled))
        {
            Assert.Equal(server.Url, told);
            Assert.Equal("localhost", server.Url.Host);
            Assert.NotEqual(0, server.Url.Port);
            node.Port = server.Url.Port;
            await server.StopAsync(Cancelled);
        }

        Assert.False(node.ListenedBefore);
        Assert.True(node.RefusedAfter);
    }

    [Fact]
    public async Task The_data_directory_is_made_for_its_owner_alone()
    {
        using var home = new TemporaryDirectory();
        var data = Path.Combine(home.Path, "a", "data");
        var settings = new RouseSettings { Data = data, Url = new ListenUrl("127.0.0.1", new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0)) };
        await using var server = await RouseServer.StartAsync(
            settings, new RouseServerOptions { Compose = s => s.AddSingleton<IBackgroundAgents>(new FakeAgents()) }, Cancelled);

        Assert.True(File.Exists(Path.Combine(data, "token")));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        }
    }

    [Fact]
    public async Task A_node_without_a_place_for_its_journal_is_refused()
    {
        await using var services = new ServiceCollection().AddLogging().AddRouse(_ => { }).BuildServiceProvider();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => services.GetRequiredService<IHostedService>().StartAsync(Cancelled));

        Assert.Contains("Data", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_holds_the_agents_before_the_node_has_started_is_told_so()
    {
        await using var services = new ServiceCollection().AddLogging().AddRouse(o => o.Data = "/nowhere").BuildServiceProvider();
        var agents = services.GetRequiredService<IBackgroundAgents>();

        var refused = await Assert.ThrowsAsync<RefusedException>(() => agents.FindTaskAsync(Given.Task, Cancelled));

        Assert.Equal(RefusalKind.Unavailable, refused.Refusal.Kind);
        Assert.Empty(agents.Instances);
    }

    private sealed class Probe : IHostedService
    {
        public IServer? Server { get; set; }

        public int Port { get; set; }

        public bool ListenedBefore { get; private set; }

        public bool RefusedAfter { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            ListenedBefore = Server!.Features.Get<IServerAddressesFeature>() is { Addresses.Count: > 0 };
            return Task.CompletedTask;
        }

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            using var client = new TcpClient();
            var refused = await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync("127.0.0.1", Port, cancellationToken).AsTask());
            RefusedAfter = refused.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }
}
