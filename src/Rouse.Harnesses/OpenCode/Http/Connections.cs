namespace Rouse.Harnesses.OpenCode.Http;

/// <summary>How connections are made, and what a failing one leaves open.</summary>
internal static class Connections
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Connections that are used again: for reads, where a second try does no harm.</summary>
    public static SocketsHttpHandler Pooled() => Make(TimeSpan.FromMinutes(2));

    /// <summary>
    /// A connection for each request: for what must not be sent twice. A connection that was refused then proves that nothing was sent, and the
    /// base library, which may repeat a request on a kept connection that had gone stale, has nothing to repeat.
    /// </summary>
    public static SocketsHttpHandler Fresh() => Make(TimeSpan.Zero);

    public static CallFailure Describe(HttpRequestException failure, Endpoint endpoint) => failure.HttpRequestError switch
    {
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError =>
            new CallFailure(CallFailureKind.NotConnected, $"OpenCode at {endpoint} cannot be reached: {failure.Message}"),
        HttpRequestError.ConfigurationLimitExceeded =>
            new CallFailure(CallFailureKind.Unreadable, $"OpenCode at {endpoint} answered more than can be taken: {failure.Message}"),
        _ => new CallFailure(CallFailureKind.Broken, $"The connection to OpenCode at {endpoint} broke: {failure.Message}"),
    };

    public static CallFailure WrongPassword(Endpoint endpoint) =>
        new(CallFailureKind.Unauthorised, $"OpenCode at {endpoint} refuses the user '{endpoint.User}' and the configured password.");

    private static SocketsHttpHandler Make(TimeSpan lifetime) => new()
    {
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = lifetime,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
        UseCookies = false,
        AllowAutoRedirect = false,
    };
}
