namespace Rouse.EndToEnd.Cli;

/// <summary>What is written wrongly is answered in a line with what is allowed, and with exit code 2 (API-10).</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("", "say what to do; there are demo, serve, delegate")]
    [InlineData("taks", "'taks' is not a command; there are demo, serve, delegate")]
    [InlineData("demo --fast", "'--fast'")]
    [InlineData("serve --url ftp://here", "--url: 'ftp://here' is not an address such as http://127.0.0.1:7410")]
    [InlineData("serve --log loud", "--log: 'loud' is not one of debug, information, warning, error")]
    [InlineData("serve --config missing.json", "the file does not exist")]
    [InlineData("delegate do --from session_a_1", "--agent")]
    [InlineData("delegate do --agent x", "--from: who delegates is missing")]
    [InlineData("delegate do --agent x --from here", "--from: 'here' is neither a session's id such as session_k3f9_1 nor an address such as chat@main/abc")]
    [InlineData("delegate do --agent x --from session_a_1 --instance chat@main", "name the same thing")]
    [InlineData("delegate do --agent x --instance chat@main", "--instance and --session-id belong together")]
    [InlineData("delegate --agent x --from session_a_1", "the prompt: give it as an argument")]
    [InlineData("delegate do --prompt-file p --agent x --from session_a_1", "the prompt: give it as an argument")]
    [InlineData("delegate --prompt-file missing --agent x --from session_a_1", "--prompt-file: ")]
    [InlineData("delegate do --agent x --from session_a_1 --wake maybe", "--wake: 'maybe' is not one of all, each, none")]
    [InlineData("delegate do --agent x --from session_a_1 --priority 101", "--priority: '101' is not a whole number from -100 to 100")]
    [InlineData("delegate do --agent x --from session_a_1 --deadline soon", "--deadline: 'soon' must be a duration such as 30s")]
    [InlineData("tasks --status done", "--status: 'done' is not one of queued, starting, running")]
    [InlineData("tasks --session task_a_1", "--session: 'task_a_1' is not an id such as session_k3f9_1")]
    [InlineData("tasks --crew a", "--crew: 'a' is not an id such as crew_k3f9")]
    [InlineData("tasks --limit 0", "--limit: '0' is not a whole number from 1 to 1000")]
    [InlineData("show", "'id' missing")]
    [InlineData("show notice_a_1", "id: 'notice_a_1' is not the id of a task (task_k3f9_2), a session (session_k3f9_1) or a wake (wake_k3f9_3)")]
    [InlineData("output", "'task' missing")]
    [InlineData("cancel", "'id' missing")]
    [InlineData("explain", "'id' missing")]
    [InlineData("mailbox", "'session' missing")]
    [InlineData("sessions register", "'address' missing")]
    [InlineData("output ../../etc/passwd", "task: '../../etc/passwd' is not an id such as task_k3f9_2")]
    [InlineData("wait", "what to wait for: name tasks, or a session with --session")]
    [InlineData("wait task_a_1 --session session_a_1", "what to wait for: name tasks, or a session with --session")]
    [InlineData("wait task_a_1 nothing", "task: 'nothing' is not an id such as task_k3f9_2")]
    [InlineData("wait task_a_1 --timeout 30", "--timeout: '30' must be a duration such as 30s")]
    [InlineData("cancel wake_a_1", "id: 'wake_a_1' is not the id of a task (task_k3f9_2) or a session (session_k3f9_1)")]
    [InlineData("sessions list", "'list'")]
    [InlineData("sessions register chat@main", "address: 'chat@main' is not an address such as chat@main/abc")]
    [InlineData("mailbox task_a_1", "session: 'task_a_1' is not an id such as session_k3f9_1")]
    [InlineData("explain wake_a_1", "id: 'wake_a_1' is not the id of a task")]
    [InlineData("dead-letters --limit many", "--limit: 'many' is not a whole number")]
    [InlineData("events --after -1", "--after: '-1' is not a position: a whole number from 0")]
    [InlineData("doctor now", "'now'")]
    public async Task A_wrong_command_line_is_told_in_short_and_ends_with_2(string commandLine, string told)
    {
        var ended = (await RouseRun.OfAsync(commandLine)).ShouldEndWith(2);

        Assert.Contains(told, ended.Error, StringComparison.Ordinal);
        Assert.Empty(ended.Output);
        Assert.True(ended.Error.Split('\n').Length <= 4, $"more than a few lines:\n{ended.Error}");
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_in_the_environment_is_checked_like_a_flag()
    {
        var ended = await RouseRun.OfAsync(["tasks"], new Dictionary<string, string>(StringComparer.Ordinal) { ["ROUSE_URL"] = "nowhere" });

        Assert.Contains("ROUSE_URL: 'nowhere' is not an address", ended.ShouldEndWith(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_used_is_told_whole_with_paths()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{ "lanes": { "default": -1 }, "limits": { "dept": 3 } }""", TestContext.Current.CancellationToken);
        try
        {
            var ended = (await RouseRun.OfAsync(["serve", "--config", file])).ShouldEndWith(2);

            Assert.Contains("lanes.default", ended.Error, StringComparison.Ordinal);
            Assert.Contains("limits.dept", ended.Error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Help_and_version_are_no_errors()
    {
        Assert.Contains("Usage:", (await RouseRun.OfAsync("delegate --help")).ShouldEndWith(0).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("demo-worker", (await RouseRun.OfAsync("--help")).ShouldEndWith(0).Output, StringComparison.Ordinal);
        Assert.Matches(@"^\d+\.\d+\.\d+", (await RouseRun.OfAsync("--version")).ShouldEndWith(0).Output);
    }
}
