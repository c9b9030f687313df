using System.Runtime.CompilerServices;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses;

/// <summary>
/// What <see cref="IHarness"/> promises, asked of a real harness. An adapter's tests inherit it and give it a world; the checks that are marked
/// with a guarantee are the proofs that the adapter's grade is made of.
/// </summary>
public abstract partial class HarnessSuite
{
    /// <summary>What has not ended by then is missing evidence. No adapter under test has a deadline near it.</summary>
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(60);

    private static int s_number;

    /// <summary>The tests of a class share one world; each makes its own sessions in it.</summary>
    protected abstract Task<HarnessWorld> WorldAsync();

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Runs a check once in its world, whoever asks first: its own test or the grade.</summary>
    protected async Task CheckAsync(Func<HarnessWorld, Task> check, [CallerMemberName] string name = "")
    {
        var world = await WorldAsync();
        await world.Proofs.OnceAsync(name, async () =>
        {
            await check(world);
            return true;
        });
    }

    protected static string NewKey() => $"task_{Guid.NewGuid():n}_{Interlocked.Increment(ref s_number)}_r1a1";

    protected static Prompt NewPrompt(string text, bool isWake = false) => new() { Key = NewKey(), Text = text, IsWake = isWake };
}
