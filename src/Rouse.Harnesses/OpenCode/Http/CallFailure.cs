namespace Rouse.Harnesses.OpenCode.Http;

/// <summary>Why a call brought no answer that can be used, and how much that leaves open.</summary>
/// <param name="Reason">For people; never holds a secret.</param>
internal sealed record CallFailure(CallFailureKind Kind, string Reason);

internal enum CallFailureKind
{
    /// <summary>No connection: not a byte of the request went out.</summary>
    NotConnected,

    /// <summary>The server refused the password; the request did nothing.</summary>
    Unauthorised,

    /// <summary>The server answered that it does not know the session or message.</summary>
    NotFound,

    /// <summary>The server refused the request itself (4xx).</summary>
    Rejected,

    /// <summary>The server failed (5xx): what it did before that is not known.</summary>
    Failed,

    /// <summary>The connection broke, or no answer came in time: whether the request was carried out is not known.</summary>
    Broken,

    /// <summary>Something answered that is not OpenCode's API.</summary>
    Unreadable,
}
