namespace Rouse.Conformance.Harnesses.Memory;

/// <summary>What an adapter does not do that it should.</summary>
[Flags]
internal enum Poverty
{
    None = 0,

    /// <summary>It cannot look for a key in the history.</summary>
    NoReadBack = 1,

    /// <summary>It stores a prompt without a look whether it is there already.</summary>
    NoLookFirst = 2,

    /// <summary>It says that a delivery was not sent when only its answer was lost.</summary>
    NoDoubt = 4,

    /// <summary>It takes what it cannot read for empty.</summary>
    NoUnreadable = 8,

    /// <summary>It says that a delivery was sent, and keeps nothing.</summary>
    NoEntry = 16,
}
