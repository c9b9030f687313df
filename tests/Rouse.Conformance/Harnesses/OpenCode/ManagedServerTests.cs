using Rouse.Core;
using Rouse.EndToEnd.OpenCode;
using Rouse.Engine;
using Rouse.Harnesses.OpenCode.Server;
using Rouse.Harnesses.Processes;

namespace Rouse.Conformance.Harnesses.OpenCode;

/// <summary>A real OpenCode that Rouse starts, finds again and starts anew.</summary>
public sealed class ManagedServerTests : IAsyncDisposable
{
    private readonly ManagedServerRig _rig = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_is_started_and_found_again_by_the_next_Rouse_while_its_turn_runs_on()
    {
        var first = await _rig.OpenAsync();
        var session = await CreateAsync(first, "task_1");
        Assert.IsType<DeliverResult.Sent>(await first.DeliverAsync(session, new Prompt { Key = "task_1_r1a1", Text = "GATE:g\nSAY:done", IsWake = false }, Cancelled));
        await _rig.Model.WaitAtGateAsync("g", cancellationToken: Cancelled);
        var before = (await _rig.RecordAsync())!;
        await first.DisposeAsync();

        await using var second = await _rig.OpenAsync(stop: true);
        Assert.Equal(Activity.Working, Assert.IsType<InspectResult.Seen>(await second.InspectAsync(session, Cancelled)).Inspection.Activity);
        _rig.Model.Open("g");
        await Eventually.HoldsAsync(
            async c => ((InspectResult.Seen)await second.InspectAsync(session, c)).Inspection,
            i => i.Activity == Activity.Idle && i.Messages[^1].Text == "done",
            cancellationToken: Cancelled);

        Assert.Equal(before, await _rig.RecordAsync());
        Assert.Equal(session, await CreateAsync(second, "task_1"));
    }

    [Fact]
    public async Task A_server_that_was_killed_is_started_again_and_knows_its_sessions()
    {
        await using var harness = await _rig.OpenAsync(stop: true);
        await using var watch = new SignalLog(harness);
        await watch.WaitAsync(s => s is HarnessSignal.Connected);
        var session = await CreateAsync(harness, "task_1");
        var before = (await _rig.RecordAsync())!;

        await ProcessTree.KillAsync(before.Process, TimeSpan.Zero, TimeProvider.System, Cancelled);
        await watch.WaitAsync(s => s is HarnessSignal.Disconnected);
        await watch.WaitAsync(s => s is HarnessSignal.Connected, skip: 1);

        Assert.IsType<InspectResult.Seen>(await harness.InspectAsync(session, Cancelled));
        Assert.NotEqual(before.Process, (await _rig.RecordAsync())!.Process);
    }

    [Fact]
    public async Task A_second_Rouse_on_the_same_data_is_told_so_and_starts_nothing()
    {
        await using var first = await _rig.OpenAsync(stop: true);
        await CreateAsync(first, "task_1");
        await using var second = await _rig.OpenAsync();

        var unreachable = Assert.IsType<CreateResult.Unreachable>(await second.CreateSessionAsync(ManagedServerRig.NewSession("task_2"), Cancelled));

        Assert.Contains("Another Rouse", unreachable.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_was_cut_off_before_it_was_recorded_is_ended_first()
    {
        var harness = await _rig.OpenAsync();
        await CreateAsync(harness, "task_1");
        var orphan = (await _rig.RecordAsync())!.Process;
        await harness.DisposeAsync();
        File.Delete(_rig.Files.Record);

        await using var next = await _rig.OpenAsync(stop: true);
        await CreateAsync(next, "task_2");

        Assert.False(orphan.IsAlive());
    }

    [Fact]
    public async Task A_recorded_number_that_belongs_to_another_process_now_is_not_touched()
    {
        using var stranger = System.Diagnostics.Process.Start("sleep", "600");
        var real = ProcessIdentity.Of(stranger.Id)!;
        var files = _rig.Files;
        files.CreateDirectories();
        await new ServerRecord(real with { StartTicks = real.StartTicks - 1 }, new Uri("http://127.0.0.1:9"), "x").WriteAsync(files.Record, Cancelled);

        await using var harness = await _rig.OpenAsync(stop: true);
        await CreateAsync(harness, "task_1");

        Assert.True(real.IsAlive());
        stranger.Kill();
    }

    [Fact]
    public async Task Its_files_are_its_owner_s_alone_and_its_environment_is_what_was_named()
    {
        Environment.SetEnvironmentVariable("ROUSE_TEST_SECRET", "s3cret");
        Environment.SetEnvironmentVariable("ROUSE_TEST_PASSED", "passed");
        await using var harness = await _rig.OpenAsync(stop: true, pass: ["ROUSE_TEST_PASSED"]);
        await CreateAsync(harness, "task_1");
        var record = (await _rig.RecordAsync())!;

        foreach (var file in (string[])[_rig.Files.Record, _rig.Files.Lock, _rig.Files.Log])
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(file).UnixFileMode);
        }

        var environment = (await File.ReadAllTextAsync($"/proc/{record.Process.Id}/environ", Cancelled)).Split('\0');
        Assert.Contains("ROUSE_TEST_PASSED=passed", environment);
        Assert.Contains($"XDG_DATA_HOME={_rig.Files.Data}", environment);
        Assert.DoesNotContain(environment, e => e.Contains("s3cret", StringComparison.Ordinal));
        Assert.Equal(64, record.Password.Length);
    }

    [Fact]
    public async Task A_command_that_does_not_start_says_why_and_is_not_hammered()
    {
        await using var harness = await _rig.OpenAsync(command: "/no/such/opencode");

        var first = Assert.IsType<CreateResult.Unreachable>(await harness.CreateSessionAsync(ManagedServerRig.NewSession("task_1"), Cancelled));
        var second = Assert.IsType<CreateResult.Unreachable>(await harness.CreateSessionAsync(ManagedServerRig.NewSession("task_1"), Cancelled));

        Assert.Contains("/no/such/opencode", first.Reason, StringComparison.Ordinal);
        Assert.Contains("is started again in", second.Reason, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    private static async Task<Address> CreateAsync(IHarness harness, string key)
    {
        var created = await harness.CreateSessionAsync(ManagedServerRig.NewSession(key), Cancelled);
        return created is CreateResult.Created { Address: var address } ? address : throw new InvalidOperationException($"Not created: {created}");
    }
}
