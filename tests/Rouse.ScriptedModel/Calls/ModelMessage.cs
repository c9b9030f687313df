namespace Rouse.ScriptedModel.Calls;

/// <summary>
/// One message of a model call, whatever the wire: its role (<c>system</c>, <c>user</c>, <c>assistant</c>, <c>tool</c>) and its text.
/// </summary>
public sealed record ModelMessage(string Role, string Text);
