namespace Rouse.Simulation;

/// <summary>
/// The way of one call to a harness and back. An adapter makes one request or several for it; each takes time both ways, and one of them may be
/// struck by a fault.
/// </summary>
/// <param name="struck">The number of the request that the fault strikes.</param>
internal sealed class SimWay(SimHarness harness, string session, HarnessFault? fault, int struck, TimeSpan patience, CancellationToken cancellationToken)
{
    private readonly int _caller = harness.Callers;
    private int _requests;

    /// <summary>What was so in the harness when the newest request of this call was carried out; only where somebody listens.</summary>
    public SessionTruth? Truth { get; set; }

    /// <param name="work">What the harness does when the request arrives, and its answer.</param>
    public async Task<Answer<T>> AskAsync<T>(Func<T> work)
        where T : class
    {
        if (harness.Callers != _caller)
        {
            await new TaskCompletionSource().Task; // its caller died between two requests
        }

        var met = ++_requests == struck ? fault : null;
        await harness.TravelAsync(cancellationToken);
        if (!harness.IsUp || met is HarnessFault.RefusedBefore)
        {
            return Answer<T>.Refused;
        }

        var boot = harness.Boots;
        switch (met)
        {
            case HarnessFault.Lost:
                return Answer<T>.Broken;
            case HarnessFault.AnswerLost:
                work();
                return Answer<T>.Broken;
            case HarnessFault.DoneLater x:
                _ = LaterAsync(x.After, boot, work, isDouble: false);
                return Answer<T>.Broken;
            case HarnessFault.Hangs x:
                if (x.Done)
                {
                    work();
                }

                await PauseAsync(patience);
                return Answer<T>.Broken;
            case HarnessFault.Slow x:
                await PauseAsync(x.By / 2);
                break;
            case HarnessFault.Duplicated x:
                _ = LaterAsync(x.After, boot, work, isDouble: true);
                break;
            case HarnessFault.Reordered x:
                await harness.OvertakenAsync(session, x.Most);
                break;
        }

        if (!Lives(boot))
        {
            return Answer<T>.Broken;
        }

        var result = work();
        if (met is HarnessFault.Slow slow)
        {
            await PauseAsync(slow.By / 2);
        }

        await harness.TravelAsync(cancellationToken);
        harness.LetBehindPass(session);
        return Lives(boot) ? new Answer<T>(result, NotSent: false) : Answer<T>.Broken;
    }

    /// <summary>The adapter itself waits between two requests.</summary>
    public Task PauseAsync(TimeSpan time) => Task.Delay(time, harness.Time, cancellationToken);

    private async Task LaterAsync<T>(TimeSpan after, int boot, Func<T> work, bool isDouble)
    {
        await harness.WaitAsync(after);
        if (Lives(boot))
        {
            harness.IsLate = isDouble;
            work();
            harness.IsLate = false;
        }
    }

    /// <summary>A request dies with the process that it was sent to.</summary>
    private bool Lives(int boot) => harness.IsUp && harness.Boots == boot;
}
