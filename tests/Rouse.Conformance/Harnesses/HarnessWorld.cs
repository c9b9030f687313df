using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses;

/// <summary>What a harness's tests stand on: the adapter, the harness behind it, and an agent that does as it is told.</summary>
public abstract class HarnessWorld
{
    public abstract IHarness Harness { get; }

    /// <summary>A second adapter for the same instance, as after a restart of Rouse.</summary>
    public abstract IHarness Reopen();

    /// <summary>A session that the harness would create.</summary>
    public abstract NewSession NewSession(string key);

    /// <summary>An id of a session that does not exist, of the form that the harness gives.</summary>
    public abstract string UnknownSession { get; }

    /// <summary>A prompt's text that makes the agent answer with <paramref name="answer"/>.</summary>
    public abstract string Says(string answer);

    /// <summary>A prompt's text that makes the agent work until <see cref="FinishAsync"/>, and then answer "done".</summary>
    public abstract string Works(string gate);

    /// <summary>A prompt's text that makes the agent run a tool that does not end by itself.</summary>
    public abstract string RunsTool();

    /// <summary>Returns when the agent is at work on <see cref="Works"/>.</summary>
    public abstract Task WorksAsync(string gate, CancellationToken cancellationToken);

    /// <summary>Lets the agent go on.</summary>
    public abstract void Finish(string gate);

    /// <summary>How many times the agent's model was asked with that text as the newest prompt.</summary>
    public abstract int TimesAsked(string text);

    /// <summary>Stores a prompt and does not run it, as a delivery that broke in the middle leaves it. False where the harness knows no such state.</summary>
    public abstract Task<bool> StoreOnlyAsync(Address session, Prompt prompt, CancellationToken cancellationToken);

    /// <summary>Kills the harness, with all that it started.</summary>
    public abstract Task KillAsync();

    /// <summary>Starts it again on the same data and address.</summary>
    public abstract Task StartAgainAsync(CancellationToken cancellationToken);
}
