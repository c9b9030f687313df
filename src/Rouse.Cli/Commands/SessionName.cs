using System.CommandLine;
using Rouse.Cli.Client;
using Rouse.Core;

namespace Rouse.Cli.Commands;

/// <summary>A session as people name it: Rouse's id, or the instance and the harness's own id with a slash between.</summary>
internal abstract record SessionName
{
    private SessionName()
    {
    }

    public sealed record Known(SessionId Id) : SessionName;

    public sealed record Elsewhere(Address Address) : SessionName;

    public static Option<SessionName?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "session",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (TryParse(text) is { } session)
            {
                return session;
            }

            result.AddError($"{name}: {NotASession(text)}");
            return null;
        },
    };

    public static SessionName? TryParse(string text)
    {
        if (SessionId.TryParse(text, provider: null, out var id))
        {
            return new Known(id);
        }

        return TryAddress(text) is { } address ? new Elsewhere(address) : null;
    }

    public static Address? TryAddress(string text) =>
        text.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 && slash < text.Length - 1
            ? new Address(text[..slash], text[(slash + 1)..])
            : null;

    public static string NotASession(string text) =>
        $"'{text}' is neither a session's id such as session_k3f9_1 nor an address such as chat@main/abc";

    /// <summary>Rouse's id of the session; a session that Rouse does not know yet becomes known.</summary>
    public async Task<SessionId> ResolveAsync(RouseClient client, CancellationToken cancellationToken) => this switch
    {
        Known known => known.Id,
        Elsewhere elsewhere =>
            (await client.RegisterAsync(new NewSessionBody(elsewhere.Address, Parent: null, Agent: null, Directory: null), cancellationToken)).Value.Id,
        _ => throw new InvalidOperationException($"{this} is no kind of name."),
    };
}
