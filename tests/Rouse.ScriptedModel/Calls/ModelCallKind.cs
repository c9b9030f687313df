namespace Rouse.ScriptedModel.Calls;

/// <summary>What a call was answered by.</summary>
public enum ModelCallKind
{
    /// <summary>The directives of the last user message, or of the server's script override.</summary>
    Script,

    /// <summary>The last user message without a directive, said back.</summary>
    Echo,

    /// <summary>A harness asked for a session's title. Never counted as in flight.</summary>
    Title,
}
