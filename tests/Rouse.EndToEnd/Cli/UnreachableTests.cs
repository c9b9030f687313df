using System.Net;
using System.Net.Sockets;

namespace Rouse.EndToEnd.Cli;

/// <summary>Without a server every command that needs one says where it looked and ends with 4.</summary>
public sealed class UnreachableTests
{
    [Theory]
    [InlineData("delegate do --agent x --from session_a_1")]
    [InlineData("tasks")]
    [InlineData("show task_a_1")]
    [InlineData("output task_a_1")]
    [InlineData("wait task_a_1 --timeout 10m")]
    [InlineData("cancel task_a_1")]
    [InlineData("sessions")]
    [InlineData("sessions register chat@main/abc")]
    [InlineData("mailbox session_a_1")]
    [InlineData("explain session_a_1")]
    [InlineData("dead-letters")]
    [InlineData("events")]
    public async Task A_server_that_is_not_there_ends_with_4(string commandLine)
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var url = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndPoint!).Port}";

        var ended = (await RouseRun.OfAsync($"{commandLine} --url {url}")).ShouldEndWith(4);

        Assert.Contains($"cannot reach the server at {url}", ended.Error, StringComparison.Ordinal);
        Assert.Empty(ended.Output);
    }

    [Fact]
    public async Task A_delegation_whose_answer_is_lost_names_the_key_that_makes_a_repetition_safe()
    {
        var ended = (await RouseRun.OfAsync("delegate do --agent x --from session_a_1 --url http://127.0.0.1:1 --key k1")).ShouldEndWith(4);

        Assert.Contains("--key k1", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_says_what_to_do_and_ends_with_1()
    {
        var ended = (await RouseRun.OfAsync("doctor --url http://127.0.0.1:1")).ShouldEndWith(1);

        Assert.Contains("✗ server: cannot reach the server at http://127.0.0.1:1: ", ended.Output, StringComparison.Ordinal);
        Assert.Contains("✓ SQLite", ended.Output, StringComparison.Ordinal);
        Assert.Contains("! token", ended.Output, StringComparison.Ordinal);
        Assert.Contains("-> rouse serve makes it at its first start", ended.Output, StringComparison.Ordinal);
    }
}
