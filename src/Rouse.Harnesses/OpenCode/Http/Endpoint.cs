using System.Net.Http.Headers;
using System.Text;

namespace Rouse.Harnesses.OpenCode.Http;

/// <summary>Where a server answers, and with what password.</summary>
internal sealed record Endpoint(Uri Url, string User, string? Password)
{
    public Uri At(string pathAndQuery)
    {
        var root = Url.AbsoluteUri;
        return new Uri(root.EndsWith('/') ? root + pathAndQuery : root + "/" + pathAndQuery);
    }

    public AuthenticationHeaderValue? Authorization() =>
        Password is null ? null : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}")));

    /// <summary>Without the password: records are printed.</summary>
    public override string ToString() => Url.AbsoluteUri;
}

/// <summary>Says where the instance's server is now.</summary>
internal interface IEndpointSource : IAsyncDisposable
{
    /// <summary>A managed server is started first if it does not run.</summary>
    ValueTask<Reply<Endpoint>> GetAsync(CancellationToken cancellationToken);
}

/// <summary>A server that is someone else's: always at the configured address.</summary>
internal sealed class FixedEndpoint(Endpoint endpoint) : IEndpointSource
{
    public ValueTask<Reply<Endpoint>> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Reply<Endpoint>.Ok(endpoint));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
