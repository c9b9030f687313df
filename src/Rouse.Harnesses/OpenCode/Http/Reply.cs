using System.Diagnostics.CodeAnalysis;

namespace Rouse.Harnesses.OpenCode.Http;

/// <summary>A call's answer: the value, or why there is none.</summary>
internal readonly record struct Reply<T>
    where T : class
{
    private Reply(T? value, CallFailure? failure, string? olderThan)
    {
        Value = value;
        Failure = failure;
        Cursor = olderThan;
    }

    public T? Value { get; }

    public CallFailure? Failure { get; }

    /// <summary>Where the next older page begins; null on the oldest one.</summary>
    public string? Cursor { get; }

    public static Reply<T> Ok(T value, string? cursor = null) => new(value, null, cursor);

    public static Reply<T> Fail(CallFailure failure) => new(null, failure, null);

    public bool Is(CallFailureKind kind) => Failure?.Kind == kind;

    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out CallFailure? failure)
    {
        value = Value;
        failure = Failure;
        return value is not null;
    }
}

/// <summary>The answer of a call that has no content.</summary>
internal sealed record Done
{
    public static Done Instance { get; } = new();
}
