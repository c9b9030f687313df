using System.Globalization;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>
/// One turn of an agent, as its script plays it. Each step takes virtual time; a turn that was stopped ends at its next step.
/// </summary>
public sealed class SimTurn(SimHarness harness, SimSession session, SimMessage prompt)
{
    private SimMessage _newest = prompt;
    private SimMessage? _open;

    public SimSession Session => session;

    public SimMessage Prompt { get; } = prompt;

    /// <summary>It was aborted, or its process died.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Its process died.</summary>
    public bool Died { get; private set; }

    public bool IsWake => Prompt.Text.StartsWith(WakeText.Heading, StringComparison.Ordinal);

    public Task WorkAsync(double seconds) => WorkAsync(TimeSpan.FromSeconds(seconds));

    public async Task WorkAsync(TimeSpan time)
    {
        Open();
        await harness.WaitAsync(time);
        ThrowIfStopped();
        harness.Say(new HarnessSignal.Progress(session.Address.Id));
    }

    public void Say(string text) => Write().Text += text;

    public void Truncate() => Write().Truncated = true;

    /// <summary>A tool call that takes a while; the agent goes on after it.</summary>
    public async Task ToolAsync(double seconds, Func<Task>? work = null)
    {
        var message = Open();
        (message.CallsTools, message.ToolOpen) = (true, true);
        await harness.WaitAsync(TimeSpan.FromSeconds(seconds));
        if (!Died || !harness.Model.ToolsOutliveTheProcess)
        {
            ThrowIfStopped();
        }

        if (work is not null)
        {
            await work();
        }

        ThrowIfStopped();
        (message.ToolOpen, message.RanTools, message.Ended) = (false, true, true);
        _open = null;
        harness.Model.TakeUpWaiting(this);
        Open();
    }

    /// <summary>Asks and waits until the question is answered or dismissed.</summary>
    public async Task AskAsync(string question)
    {
        Open();
        (session.OpenQuestion, session.AskedAt) = (question, harness.Time.GetUtcNow());
        harness.SayChanged(session);
        while (session.OpenQuestion is not null)
        {
            await harness.WaitAsync(TimeSpan.FromMilliseconds(500));
            ThrowIfStopped();
        }

        harness.SayChanged(session);
    }

    /// <summary>
    /// The model call fails and the harness itself tries it again: after 2, 4, 8, 16 and 32 s and up to a quarter more. The last failure ends the turn.
    /// </summary>
    /// <param name="failures">How often it fails; more than five times it does not.</param>
    public async Task RetryAsync(TaskError error, int failures = 6)
    {
        Open();
        for (var failure = 1; failure <= Math.Min(failures, 5); failure++)
        {
            session.Retrying = string.Create(CultureInfo.InvariantCulture, $"try {failure}: {error.Message}");
            harness.SayChanged(session);
            await harness.WaitAsync(TimeSpan.FromSeconds(Math.Pow(2, failure)) * (1 + (0.25 * harness.Time.Random.NextDouble())));
            ThrowIfStopped();
        }

        session.Retrying = null;
        if (failures > 5)
        {
            Fail(error);
        }
    }

    /// <summary>The agent hands work to a session that the harness opens below this one by itself, and goes on when that is idle.</summary>
    public async Task<SimSession> HandDownAsync(string work)
    {
        var below = harness.OpenBelow(session);
        await ToolAsync(0.1, async () =>
        {
            harness.PersonSays(below, work);
            do
            {
                await harness.WaitAsync(TimeSpan.FromMilliseconds(100));
            }
            while (!Stopped && (below.Working || below.Beginning));
        });
        return below;
    }

    public void Fail(TaskError error) => Write().Error = error;

    /// <summary>The error that it ended in.</summary>
    public TaskError? Error => _open?.Error;

    /// <summary>From its next message on it answers this prompt too.</summary>
    internal void TakeUp(SimMessage message)
    {
        _newest = message.At < _newest.At ? _newest : message;
        session.Waiting.Remove(message);
        harness.CountRun(message);
    }

    internal void End()
    {
        if (_open is { } message)
        {
            message.Ended = true;
        }
    }

    internal void Abort(TaskError error)
    {
        Stopped = true;
        var message = Open();
        (message.Error, message.Ended, message.ToolOpen) = (error, true, false);
    }

    /// <summary>Its process dies, and nothing is written down any more.</summary>
    internal void Die(bool losesText)
    {
        (Stopped, Died) = (true, true);
        if (losesText && _open is { } message)
        {
            message.Text = "";
        }
    }

    /// <summary>Nobody will ever see how it goes on.</summary>
    internal void Drop() => Stopped = true;

    /// <summary>A script that did not notice that it was stopped writes nothing any more.</summary>
    private SimMessage Write()
    {
        ThrowIfStopped();
        return Open();
    }

    private SimMessage Open()
    {
        if (_open is null)
        {
            _open = harness.Store(session, MessageOrigin.Agent, key: null, "", _newest);
            _open.Ended = false;
        }

        return _open;
    }

    private void ThrowIfStopped()
    {
        if (Stopped)
        {
            throw new TurnStoppedException();
        }
    }
}

/// <summary>Ends the script of a turn that was stopped.</summary>
public sealed class TurnStoppedException : Exception;
