namespace Rouse.ScriptedModel.Calls;

/// <summary>How far a call has come, seen from the model.</summary>
public enum ModelCallState
{
    Open,

    /// <summary>The whole answer was written.</summary>
    Answered,

    /// <summary>Answered with an error status.</summary>
    Refused,

    /// <summary>The model cut the connection, as the script said.</summary>
    Dropped,

    /// <summary>The caller went away before the answer was written.</summary>
    ClientClosed,
}
