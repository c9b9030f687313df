namespace Rouse.Conformance.Harnesses.Memory;

/// <summary>Which calls fail, and how. A deadline that has passed looks like a lost answer: nobody waits for it here.</summary>
internal sealed class MemoryFault(BrokenCall call, Breakage how) : IDisposable
{
    private bool _met;

    public Breakage How => how;

    public bool Meets(BrokenCall kind)
    {
        if (call == BrokenCall.Every)
        {
            return true;
        }

        var meets = kind == call && !_met;
        _met |= meets;
        return meets;
    }

    public void Dispose() => _met = true;
}
