namespace Rouse.Engine;

/// <summary>The journal refused what an input led to, for a reason that only the store can see: a full lane, a taken address or key.</summary>
internal sealed class CommitRefusedException(CommitResult result) : Exception(result.ToString())
{
    public CommitResult Result { get; } = result;
}
