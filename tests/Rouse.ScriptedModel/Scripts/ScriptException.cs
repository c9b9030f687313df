namespace Rouse.ScriptedModel.Scripts;

/// <summary>A script that cannot be played. The caller of the model is answered 400 with the message.</summary>
internal sealed class ScriptException(string message) : Exception(message);
