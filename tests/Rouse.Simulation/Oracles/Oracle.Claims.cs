using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What was claimed for the one send that a harness without keys gets.</summary>
public sealed partial class Oracle
{
    private readonly HashSet<Address> _prompted = [];

    /// <summary>Set where the store always works and the node never stands still: then only a node that is killed leaves a claim without its send.</summary>
    public bool ChecksClaims { get; init; }

    private void WatchClaims()
    {
        foreach (var harness in _world.Harnesses.Values)
        {
            harness.OnDeliverCalled += called => _prompted.Add(called.Session);
        }

        _world.Journal.OnCommitted += _ => CheckClaims();
    }

    /// <summary>Nobody may be told that it is not known whether something was sent that was never tried.</summary>
    private void CheckClaims()
    {
        if (!ChecksClaims || _world.Kills > 0)
        {
            return;
        }

        foreach (var b in _commit)
        {
            switch (b.Event.Type)
            {
                case "task.settled" when b.Task is { Reason: "prompt-unknown", Current.Session: { } s } && !_prompted.Contains(new Address(s.Instance, s.Address)):
                    Break(Rule.NothingForgotten, $"{b.Task.Id} is lost because its prompt may have been sent, and it was never tried");
                    break;
                case "wake.dead-lettered" when b.Wake is { DeadLetter: "Unknown" } wake && !_sends.ContainsKey(wake.Key):
                    Break(Rule.NothingForgotten, $"{wake.Id} is a dead letter because it may have been sent, and it was never tried");
                    break;
                case "wake.dead-lettered" when b.Wake is { DeadLetter: "NotBegun", Nudged: true } wake && !_sends.ContainsKey(wake.Key + "n"):
                    Break(Rule.NothingForgotten, $"the nudge of {wake.Id} is on record, and it was never tried");
                    break;
            }
        }
    }
}
