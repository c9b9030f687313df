using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What goes wrong on the way to an instance and back.</summary>
public sealed class HarnessFaults
{
    private readonly List<(string Name, Func<HarnessCall, bool>? Match, HarnessFault Fault)> _next = [];
    private int _signals;

    /// <summary>Asked for every call that no other fault meets.</summary>
    public Func<HarnessCall, HarnessFault?>? Each { get; set; }

    /// <summary>Asked for every signal with its number; the instance's signals are counted from 1.</summary>
    public Func<HarnessSignal, int, SignalFault?>? EachSignal { get; set; }

    /// <summary>Signals that are lost.</summary>
    public Func<HarnessSignal, bool>? LosesSignal { get; set; }

    /// <summary>Meets the next call of this name, once per call of this method.</summary>
    public void Once(string name, HarnessFault fault, Func<HarnessCall, bool>? match = null) => _next.Add((name, match, fault));

    internal HarnessFault? Of(HarnessCall call)
    {
        for (var i = 0; i < _next.Count; i++)
        {
            var (name, match, fault) = _next[i];
            if (name == call.Name && match?.Invoke(call) != false)
            {
                _next.RemoveAt(i);
                return fault;
            }
        }

        return Each?.Invoke(call);
    }

    internal SignalFault? Of(HarnessSignal signal)
    {
        var number = ++_signals;
        return LosesSignal?.Invoke(signal) == true ? new SignalFault.Lost() : EachSignal?.Invoke(signal, number);
    }
}
