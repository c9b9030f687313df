using System.Diagnostics;
using Rouse.Harnesses.Processes;

namespace Rouse.Conformance.Harnesses.Processes;

/// <summary>A process ends with all that it started.</summary>
public sealed class ProcessTreeTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact] // HARN-4
    public async Task Grandchildren_end_too_also_one_in_a_session_of_its_own()
    {
        using var process = Start("sh -c 'sleep 600 & wait' & setsid sleep 601 & sleep 602 & echo ready; wait");
        await process.StandardOutput.ReadLineAsync(Cancelled);
        var root = ProcessIdentity.Of(process.Id)!;
        var members = await MembersAsync(root, 5);

        Assert.True(await ProcessTree.KillAsync(root, TimeSpan.FromSeconds(5), TimeProvider.System, Cancelled));

        Assert.DoesNotContain(members, m => m.IsAlive());
    }

    [Fact] // HARN-4
    public async Task What_does_not_listen_is_ended_by_force_after_the_grace()
    {
        using var process = Start("trap '' TERM; echo ready; while :; do sleep 1; done");
        await process.StandardOutput.ReadLineAsync(Cancelled);
        var root = ProcessIdentity.Of(process.Id)!;

        Assert.True(await ProcessTree.KillAsync(root, TimeSpan.FromMilliseconds(200), TimeProvider.System, Cancelled));

        await process.WaitForExitAsync(Cancelled);
        Assert.Equal(128 + 9, process.ExitCode);
    }

    [Fact] // HARN-5
    public async Task A_process_of_the_same_number_and_another_start_is_left_alone()
    {
        using var process = Start("echo ready; sleep 600");
        await process.StandardOutput.ReadLineAsync(Cancelled);
        var real = ProcessIdentity.Of(process.Id)!;
        var recorded = real with { StartTicks = real.StartTicks + 1 };

        Assert.False(recorded.IsAlive());
        Assert.True(await ProcessTree.KillAsync(recorded, TimeSpan.Zero, TimeProvider.System, Cancelled));
        Assert.True(real.IsAlive());

        await ProcessTree.KillAsync(real, TimeSpan.Zero, TimeProvider.System, Cancelled);
    }

    [Fact]
    public void A_command_s_name_may_hold_spaces_and_parentheses()
    {
        var entry = ProcessTable.Parse(7, "7 (a) b (c) S 3 4 5 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 1 2 3");

        Assert.Equal(new ProcessEntry(7, 3, 5, 12345, HasEnded: false), entry);
        Assert.Null(ProcessTable.Parse(7, "7 (x) S 1"));
    }

    [Fact]
    public async Task A_process_that_was_left_by_its_parent_is_found_by_its_mark()
    {
        var mark = Guid.NewGuid().ToString("n");
        using var process = Start($"ROUSE_TEST_MARK={mark} setsid sleep 600 & echo $!");
        var left = ProcessIdentity.Of(int.Parse((await process.StandardOutput.ReadLineAsync(Cancelled))!))!;
        await process.WaitForExitAsync(Cancelled);
        while (!ProcessTable.HasVariable(left.Id, "ROUSE_TEST_MARK", mark))
        {
            await Task.Delay(10, Cancelled);
        }

        var (found, gone) = await ProcessTree.KillMarkedAsync("ROUSE_TEST_MARK", mark, TimeSpan.FromSeconds(5), TimeProvider.System, Cancelled);

        Assert.Equal((1, true), (found, gone));
        Assert.False(left.IsAlive());
    }

    /// <summary>A shell takes a moment to start what it was told to.</summary>
    private static async Task<IReadOnlyCollection<ProcessIdentity>> MembersAsync(ProcessIdentity root, int count)
    {
        var since = Stopwatch.StartNew();
        while (since.Elapsed < TimeSpan.FromSeconds(30))
        {
            var members = ProcessTree.MembersOf(root);
            if (members.Count >= count)
            {
                return members;
            }

            await Task.Delay(10, Cancelled);
        }

        throw new TimeoutException("The shell did not start its children.");
    }

    private static Process Start(string script) =>
        Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true, UseShellExecute = false })!;
}
