using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>A session as its harness keeps it. It survives the harness's process.</summary>
public sealed class SimSession(Address address, NewSession? spec, Address? parent = null)
{
    public Address Address => address;

    /// <summary>What Rouse asked for; null for a session that a person opened.</summary>
    public NewSession? Spec => spec;

    /// <summary>The session that it stands below in the harness.</summary>
    public Address? Parent => spec?.Parent ?? parent;

    public SimHistory Messages { get; } = [];

    /// <summary>The turn that runs now; null when the session is idle.</summary>
    public SimTurn? Turn { get; internal set; }

    public string? OpenQuestion { get; set; }

    /// <summary>When the newest question was asked.</summary>
    public DateTimeOffset AskedAt { get; set; }

    /// <summary>Why and how often a failed model call is tried again; null when it is not.</summary>
    public string? Retrying { get; internal set; }

    public bool PersonTyping { get; set; }

    public List<string> Todos { get; } = [];

    public bool Working => Turn is not null;

    /// <summary>Stored prompts that no turn has taken up yet.</summary>
    internal List<SimMessage> Waiting { get; } = [];

    /// <summary>A turn was asked for and has not begun yet.</summary>
    internal bool Beginning { get; set; }

    /// <summary>How often a prompt with this key stands in the history.</summary>
    public int Entries(string key) => Messages.Entries(key);

    public IEnumerable<SimMessage> Wakes => Messages.Where(m => m.Origin == MessageOrigin.Rouse && m.Text.StartsWith(WakeText.Heading, StringComparison.Ordinal));

    public IEnumerable<SimMessage> Answers => Messages.Where(m => m.Origin == MessageOrigin.Agent);
}
