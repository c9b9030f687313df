using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What the server does with each request.</summary>
public sealed partial class OpenCodeModel
{
    /// <summary>From the acknowledgement of a prompt until its turn begins.</summary>
    private static readonly TimeSpan WarmStart = TimeSpan.FromMilliseconds(85);

    /// <summary>The same for the first prompt after a boot that was not stored before it was run.</summary>
    private static readonly TimeSpan ColdStart = TimeSpan.FromSeconds(2.4);

    private static readonly TimeSpan LateHint = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, SimSession> _byKey = new(StringComparer.Ordinal);
    private bool _isCold = true;

    /// <summary>Every call makes a session, whatever key stands in its metadata; a search finds the first.</summary>
    private SimSession Create(NewSession spec)
    {
        var session = Harness.Create(spec);
        _byKey.TryAdd(spec.Key, session);
        return session;
    }

    /// <summary>Stores a prompt without running it, and answers when the process is warm. A second time it is no second message: its time is overwritten, its place stays.</summary>
    private SimMessage Store(SimSession session, Prompt prompt)
    {
        _isCold = false;
        if (session.Messages.Find(prompt.Key) is { } stored)
        {
            stored.At = Harness.Time.GetUtcNow();
            return stored;
        }

        var message = Harness.Store(session, MessageOrigin.Rouse, prompt.Key, prompt.Text);
        session.Waiting.Add(message);
        return message;
    }

    /// <summary>
    /// Runs a stored prompt. One that was answered is not run again, but where another turn came after it, or its answer failed, was stopped or has no end.
    /// </summary>
    private void Run(SimSession session, SimMessage prompt)
    {
        var needsTurn = NeedsTurn(session, prompt);
        prompt.Late |= Harness.IsLate;
        prompt.At = Harness.Time.GetUtcNow();
        if (session.Working || session.Beginning)
        {
            return;
        }

        if (needsTurn)
        {
            _ = BeginAsync(session, prompt);
        }
        else
        {
            Harness.SayChanged(session);
        }
    }

    private static bool NeedsTurn(SimSession session, SimMessage prompt)
    {
        if (session.Waiting.Contains(prompt) || !session.Messages.IsBegun(prompt))
        {
            return true;
        }

        return session.Messages.LastOrDefault(m => m.Answers == prompt) is { } answer
            && (!answer.Ended || answer.Error is not null || session.Messages.NewestPrompt != prompt);
    }

    /// <summary>Acknowledged is not begun: meanwhile the session is idle, and a process that dies has lost the run, not the prompt.</summary>
    private async Task BeginAsync(SimSession session, SimMessage prompt)
    {
        var boot = Harness.Boots;
        session.Beginning = true;
        var most = _isCold ? ColdStart : WarmStart;
        _isCold = false;
        await Harness.WaitAsync(most * Harness.Time.Random.NextDouble());
        if (Harness.Boots != boot)
        {
            return;
        }

        session.Beginning = false;
        if (Harness.Find(session.Address.Id) == session)
        {
            Harness.TakeTurn(session, prompt);
        }
    }

    private void Abort(SimSession session)
    {
        if (session.Working)
        {
            Harness.Stop(session);
        }
        else
        {
            Harness.SayChanged(session);
        }
    }
}
