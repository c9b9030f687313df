using Microsoft.Extensions.Logging;
using Rouse.Conformance.Harnesses.Grades;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses;

/// <summary>What a harness's tests stand on: the adapter, the harness behind it, and an agent that does as it is told.</summary>
public abstract class HarnessWorld
{
    /// <summary>What was run in this world so far.</summary>
    public Proofs Proofs { get; } = new();

    /// <summary>Whether the adapter starts processes of its own; then it inherits <see cref="ProcessSuite"/> too.</summary>
    public abstract bool OwnsProcess { get; }

    public abstract IHarness Harness { get; }

    /// <summary>A second adapter for the same instance, as after a restart of Rouse.</summary>
    public abstract IHarness Reopen();

    /// <summary>A further adapter for the same instance and a harness that fails it.</summary>
    public abstract BrokenHarness Break(BrokenCall call, Breakage how);

    /// <summary>A further adapter whose watch misses signals when told to.</summary>
    public abstract GappyHarness OpenGappy();

    /// <summary>A further adapter that was given the secret wherever it takes one, and logs there.</summary>
    public abstract IHarness OpenWith(string secret, ILoggerFactory logs);

    /// <summary>A session that the harness would create.</summary>
    public abstract NewSession NewSession(string key);

    /// <summary>An id of a session that does not exist, of the form that the harness gives.</summary>
    public abstract string UnknownSession { get; }

    /// <summary>A prompt's text that makes the agent answer with <paramref name="answer"/>.</summary>
    public abstract string Says(string answer);

    /// <summary>A prompt's text that makes the agent work until <see cref="Finish"/>, and then answer "done".</summary>
    public abstract string Works(string gate);

    /// <summary>A prompt's text that makes the agent run a tool that does not end by itself.</summary>
    public abstract string RunsTool();

    /// <summary>A prompt's text that makes the agent's model refuse the key, in these words.</summary>
    public abstract string FailsAs(string words);

    /// <summary>Returns when the agent is at work on <see cref="Works"/>.</summary>
    public abstract Task WorksAsync(string gate, CancellationToken cancellationToken);

    /// <summary>Lets the agent go on.</summary>
    public abstract void Finish(string gate);

    /// <summary>How many times the agent's model was asked with that text as the newest prompt.</summary>
    public abstract int TimesAsked(string text);

    /// <summary>How many entries with that text are in the history, as the harness's own store has it and not as the adapter says.</summary>
    public abstract Task<int> TimesStoredAsync(Address session, string text, CancellationToken cancellationToken);

    /// <summary>Stores a prompt and does not run it, as a delivery that broke in the middle leaves it.</summary>
    public abstract Task StoreOnlyAsync(Address session, Prompt prompt, CancellationToken cancellationToken);

    /// <summary>Kills the harness, with all that it started.</summary>
    public abstract Task KillAsync();

    /// <summary>Starts it again on the same data and address.</summary>
    public abstract Task StartAgainAsync(CancellationToken cancellationToken);
}
