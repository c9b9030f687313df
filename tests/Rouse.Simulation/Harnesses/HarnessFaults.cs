namespace Rouse.Simulation;

/// <summary>A call to a harness, for whoever decides what goes wrong with it.</summary>
/// <param name="Name">create, deliver, find, inspect or abort.</param>
/// <param name="Session">The harness's own id, or the key for a creation.</param>
/// <param name="Key">The key of the prompt, where there is one.</param>
/// <param name="Number">Counts the calls to the instance from 1.</param>
public sealed record HarnessCall(string Name, string Session, string? Key, int Number);

/// <summary>What goes wrong with a call.</summary>
public abstract record HarnessFault
{
    private HarnessFault()
    {
    }

    /// <summary>It never leaves.</summary>
    public sealed record RefusedBefore : HarnessFault;

    /// <summary>It is done, and the answer is lost.</summary>
    public sealed record AnswerLost : HarnessFault;

    /// <summary>It is lost on its way, and nobody knows.</summary>
    public sealed record Lost : HarnessFault;

    /// <summary>The answer is lost, and it is done only after a while.</summary>
    public sealed record DoneLater(TimeSpan After) : HarnessFault;

    /// <summary>It never answers.</summary>
    public sealed record Hangs(bool Done) : HarnessFault;

    public sealed record Slow(TimeSpan By) : HarnessFault;

    /// <summary>It answers with this.</summary>
    public sealed record Answers(object Result) : HarnessFault;
}

/// <summary>What goes wrong at an instance.</summary>
public sealed class HarnessFaults
{
    private readonly List<(Func<HarnessCall, bool> Match, HarnessFault Fault)> _next = [];

    /// <summary>Asked for every call that no other fault meets.</summary>
    public Func<HarnessCall, HarnessFault?>? Each { get; set; }

    /// <summary>Signals that are lost.</summary>
    public Func<Engine.HarnessSignal, bool>? LosesSignal { get; set; }

    /// <summary>Meets the next call of this name, once per call of this method.</summary>
    public void Once(string name, HarnessFault fault, Func<HarnessCall, bool>? match = null) =>
        _next.Add((c => c.Name == name && (match?.Invoke(c) ?? true), fault));

    public HarnessFault? Of(HarnessCall call)
    {
        var index = _next.FindIndex(n => n.Match(call));
        if (index < 0)
        {
            return Each?.Invoke(call);
        }

        var fault = _next[index].Fault;
        _next.RemoveAt(index);
        return fault;
    }
}
