namespace Rouse.Engine;

/// <summary>Why something was not done. Nothing was stored.</summary>
/// <param name="Kind">What sort of reason it is.</param>
/// <param name="Type">A short stable word for programs, such as <c>depth-limit</c>.</param>
/// <param name="Detail">For people: what, where, why, what to do.</param>
public sealed record Refusal(RefusalKind Kind, string Type, string Detail)
{
    /// <summary>The field at fault, such as <c>agent</c>.</summary>
    public string? Path { get; init; }

    /// <summary>The limit that was hit and its value.</summary>
    public string? Limit { get; init; }

    public long? LimitValue { get; init; }
}

public enum RefusalKind
{
    /// <summary>A value is wrong (HTTP 400).</summary>
    Invalid,

    /// <summary>It does not exist (404).</summary>
    NotFound,

    /// <summary>It does not fit the present state (409).</summary>
    Conflict,

    /// <summary>It is no longer kept (410).</summary>
    Gone,

    /// <summary>The same idempotency key came with another request (422).</summary>
    KeyReused,

    /// <summary>A count or rate limit; later it may fit (429).</summary>
    Limit,

    /// <summary>Not now (503).</summary>
    Unavailable,
}

/// <summary>Something was refused; nothing was stored.</summary>
public sealed class RefusedException(Refusal refusal) : Exception(refusal.Detail)
{
    public Refusal Refusal { get; } = refusal;
}
