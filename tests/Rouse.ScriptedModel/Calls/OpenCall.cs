namespace Rouse.ScriptedModel.Calls;

/// <summary>A call that is being answered, for the one who answers it.</summary>
internal sealed class OpenCall(CallLog log, ModelCall call)
{
    private bool _closed;

    public int Number => call.Number;

    public string Model => call.Model;

    public void WaitAt(string? gate) => log.Update(call.Number, c => c with { WaitingAt = gate });

    /// <summary>
    /// Records how the call ends; only the first word counts. To be said before the end is sent: a caller that has its answer may call
    /// again
    /// at once, and the two would seem to overlap.
    /// </summary>
    public void Close(ModelCallState state)
    {
        if (!_closed)
        {
            _closed = true;
            log.Close(call.Number, state);
        }
    }
}
