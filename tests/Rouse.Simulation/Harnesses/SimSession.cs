using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>A session as its harness keeps it. It survives the harness's process.</summary>
public sealed class SimSession(Address address, NewSession? spec)
{
    public Address Address => address;

    /// <summary>What Rouse asked for; null for a session that a person opened.</summary>
    public NewSession? Spec => spec;

    public List<SimMessage> Messages { get; } = [];

    /// <summary>The turn that runs now; null when the session is idle.</summary>
    public SimTurn? Turn { get; internal set; }

    public string? OpenQuestion { get; set; }

    public bool PersonTyping { get; set; }

    public List<string> Todos { get; } = [];

    public bool Working => Turn is not null;

    /// <summary>How often a prompt with this key stands in the history.</summary>
    public int Entries(string key) => Messages.Count(m => m.Key == key);

    public IEnumerable<SimMessage> Wakes => Messages.Where(m => m.Origin == MessageOrigin.Rouse && m.Text.StartsWith(WakeText.Heading, StringComparison.Ordinal));

    public IEnumerable<SimMessage> Answers => Messages.Where(m => m.Origin == MessageOrigin.Agent);
}
