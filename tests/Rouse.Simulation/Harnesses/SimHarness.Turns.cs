namespace Rouse.Simulation;

/// <summary>Turns: how they begin, go on and end.</summary>
public sealed partial class SimHarness
{
    private readonly Dictionary<string, int> _runs = new(StringComparer.Ordinal);

    public event Action<TurnBegan>? OnTurnBegan;

    public event Action<TurnEnded>? OnTurnEnded;

    /// <summary>How many turns took up the prompt with each key.</summary>
    public IReadOnlyDictionary<string, int> Runs => _runs;

    internal void TakeTurn(SimSession session, SimMessage prompt) => _ = TakeTurnAsync(session, prompt);

    internal void CountRun(SimMessage prompt)
    {
        if (prompt.Key is { } key)
        {
            _runs[key] = _runs.GetValueOrDefault(key) + 1;
        }
    }

    private async Task TakeTurnAsync(SimSession session, SimMessage prompt)
    {
        for (SimMessage? next = prompt; next is not null;)
        {
            var turn = Begin(session, next);
            try
            {
                await Play(turn);
            }
            catch (TurnStoppedException)
            {
                return;
            }

            if (turn.Stopped)
            {
                return;
            }

            turn.End();
            next = Model.Joined(session);
            if (next is null)
            {
                EndTurn(session, turn);
            }
            else
            {
                OnTurnEnded?.Invoke(new TurnEnded(Now, session, turn));
            }
        }
    }

    private SimTurn Begin(SimSession session, SimMessage prompt)
    {
        var (turn, goesOn) = (new SimTurn(this, session, prompt), session.Working);
        session.Turn = turn;
        turn.TakeUp(prompt);
        Model.TakeUpWaiting(turn);
        OnTurnBegan?.Invoke(new TurnBegan(Now, session, turn));
        if (!goesOn)
        {
            Model.SayBegan(session);
        }

        return turn;
    }

    private void EndTurn(SimSession session, SimTurn turn)
    {
        var retried = session.Retrying is not null;
        Leave(session, turn);
        _story.Tell($"{Instance} {session.Address.Id} is idle");
        Model.SayEnded(session, turn, retried);
        Model.Ended(session);
    }

    private void Leave(SimSession session, SimTurn turn)
    {
        session.Turn = null;
        session.OpenQuestion = null;
        session.Retrying = null;
        OnTurnEnded?.Invoke(new TurnEnded(Now, session, turn));
    }
}
