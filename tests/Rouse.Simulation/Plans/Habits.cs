namespace Rouse.Simulation;

/// <summary>What agents may do in their turns. Each turn draws from what is allowed, by the key of its prompt.</summary>
[Flags]
public enum Habits
{
    None = 0,
    UseTools = 1,

    /// <summary>A child delegates in turn.</summary>
    Delegate = 2,

    /// <summary>A turn ends in error.</summary>
    Fail = 4,

    /// <summary>A turn ends without output.</summary>
    SayNothing = 8,

    /// <summary>A turn works until it is stopped.</summary>
    Hang = 16,

    /// <summary>A turn asks and waits for the answer.</summary>
    Ask = 32,

    /// <summary>A parent that is woken delegates again.</summary>
    GoOn = 64,

    /// <summary>Turns take minutes rather than seconds.</summary>
    Dawdle = 128,

    /// <summary>A turn leaves todos open.</summary>
    LeaveTodos = 256,

    /// <summary>A turn says something long before it has finished.</summary>
    Mumble = 512,

    /// <summary>A person writes into a root just when work for it ends.</summary>
    Meddle = 1024,

    All = 2047,
}
