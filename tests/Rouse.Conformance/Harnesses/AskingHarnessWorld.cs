using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses;

/// <summary>A world whose agents can ask.</summary>
public abstract class AskingHarnessWorld : HarnessWorld
{
    /// <summary>A session in which questions are allowed.</summary>
    public abstract NewSession NewAskingSession(string key);

    /// <summary>A prompt's text that makes the agent ask, and say "thanks" when it has an answer.</summary>
    public abstract string Asks(string question);

    /// <summary>Answers the question of that session as a person does.</summary>
    public abstract Task AnswerAsync(Address session, CancellationToken cancellationToken);

    /// <summary>How many questions of that session the harness itself still lists.</summary>
    public abstract Task<int> OpenQuestionsAsync(Address session, CancellationToken cancellationToken);
}
