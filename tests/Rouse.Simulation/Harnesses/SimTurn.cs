using Rouse.Core;

namespace Rouse.Simulation;

/// <summary>
/// One turn of an agent, as its script plays it. Each step takes virtual time; a turn that was stopped ends at its next step.
/// </summary>
public sealed class SimTurn(SimHarness harness, SimSession session, SimMessage prompt)
{
    private SimMessage? _open;

    public SimSession Session => session;

    public SimMessage Prompt => prompt;

    /// <summary>It was aborted, or its process died.</summary>
    public bool Stopped { get; internal set; }

    public bool IsWake => prompt.Text.StartsWith(WakeText.Heading, StringComparison.Ordinal);

    public Task WorkAsync(double seconds) => WorkAsync(TimeSpan.FromSeconds(seconds));

    public async Task WorkAsync(TimeSpan time)
    {
        Open();
        await harness.WaitAsync(time);
        ThrowIfStopped();
        harness.Say(new Engine.HarnessSignal.Progress(session.Address.Id));
    }

    public void Say(string text) => Open().Text += text;

    public void Truncate() => Open().Truncated = true;

    /// <summary>A tool call that takes a while; the agent goes on after it.</summary>
    public async Task ToolAsync(double seconds, Func<Task>? work = null)
    {
        var message = Open();
        (message.CallsTools, message.ToolOpen) = (true, true);
        await harness.WaitAsync(TimeSpan.FromSeconds(seconds));
        ThrowIfStopped();
        if (work is not null)
        {
            await work();
            ThrowIfStopped();
        }

        (message.ToolOpen, message.RanTools, message.Ended) = (false, true, true);
        _open = null;
        Open();
    }

    /// <summary>Asks and waits until the question is answered or dismissed.</summary>
    public async Task AskAsync(string question)
    {
        Open();
        session.OpenQuestion = question;
        harness.SayChanged(session);
        while (session.OpenQuestion is not null)
        {
            await harness.WaitAsync(TimeSpan.FromMilliseconds(500));
            ThrowIfStopped();
        }

        harness.SayChanged(session);
    }

    public void Fail(TaskError error) => Open().Error = error;

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

    private SimMessage Open()
    {
        if (_open is null)
        {
            _open = harness.Store(session, MessageOrigin.Agent, key: null, "");
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
