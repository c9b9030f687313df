namespace Rouse.ScriptedModel.Wire;

/// <summary>A reply in the making, on one wire. What is not a stream is collected and written at the end.</summary>
internal abstract class ModelReply
{
    /// <summary>Sends the head of the reply, once, where the wire streams.</summary>
    public abstract Task BeginAsync(CancellationToken cancellationToken);

    public abstract Task SayAsync(string text, CancellationToken cancellationToken);

    public abstract Task ReasonAsync(string text, CancellationToken cancellationToken);

    public abstract Task CallToolAsync(string name, string arguments, CancellationToken cancellationToken);

    public abstract Task EndAsync(CancellationToken cancellationToken);

    /// <summary>Answers with an error status instead. Only before anything was sent.</summary>
    public abstract Task RefuseAsync(int status, string message, string? retryAfter, CancellationToken cancellationToken);

    /// <summary>Cuts the connection.</summary>
    public abstract void Drop();
}
