using System.Collections.Concurrent;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.OpenCode.Http;
using Rouse.Harnesses.OpenCode.Prompts;
using Rouse.Harnesses.OpenCode.Wire;

namespace Rouse.Harnesses.OpenCode.Sessions;

/// <summary>
/// Creates a session once for its key. OpenCode gives a new session at every call; what makes it once is that the key is kept in the session's
/// metadata and looked for first.
/// </summary>
internal sealed class SessionCreation(OpenCodeOptions options, OpenCodeClient client, TimeProvider time)
{
    /// <summary>How many sessions of one title are looked through for a key.</summary>
    private const int MostRoots = 1000;

    private const int MostRemembered = 10_000;

    /// <summary>How long a creation whose answer was lost may still be at work in the server.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    private readonly Availability _availability = new(client);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<CreateResult>> _running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CreateResult.Created> _created = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _uncertain = new(StringComparer.Ordinal);

    /// <summary>Two calls with one key are one creation.</summary>
    public async ValueTask<CreateResult> CreateAsync(NewSession session, CancellationToken cancellationToken)
    {
        Task<CreateResult>? creation;
        lock (_gate)
        {
            if (!_running.TryGetValue(session.Key, out creation))
            {
                _running[session.Key] = creation = CreateAloneAsync(session);
            }
        }

        return await creation.WaitAsync(cancellationToken);
    }

    private async Task<CreateResult> CreateAloneAsync(NewSession session)
    {
        // Not before its caller has noted it as running.
        await Task.Yield();
        try
        {
            using var deadline = new Deadline(options.SendDeadline, time, CancellationToken.None);
            return await FindOrCreateAsync(session, deadline);
        }
        finally
        {
            lock (_gate)
            {
                _running.Remove(session.Key);
            }
        }
    }

    private async ValueTask<CreateResult> FindOrCreateAsync(NewSession session, Deadline deadline)
    {
        var parent = session.Parent is { } address && address.Instance == options.Instance ? address.Id : null;
        var directory = session.Directory;
        if (parent is not null && directory is null)
        {
            var found = await client.GetAsync(Paths.Session(parent), WireJson.Default.WireSession, deadline);
            if (!found.TryGet(out var known, out var failure))
            {
                return failure.Kind == CallFailureKind.NotFound
                    ? Refused("unknown-parent", $"OpenCode does not know the parent session {parent} of {options.Instance}.")
                    : new CreateResult.Unreachable(failure.Reason);
            }

            directory = known.Directory;
        }

        directory ??= options.Directory ?? options.Server?.Directory;
        if (_created.TryGetValue(session.Key, out var before))
        {
            return before;
        }

        return await FindAsync(session, parent, directory, deadline) ?? await CreateNewAsync(session, parent, directory, deadline);
    }

    /// <returns>Null when there is none yet.</returns>
    private async ValueTask<CreateResult?> FindAsync(NewSession session, string? parent, string? directory, Deadline deadline)
    {
        var path = parent is null ? Paths.Roots(directory, session.Title, MostRoots) : Paths.Children(parent);
        var listed = await client.GetAsync(path, WireJson.Default.ListWireSession, deadline);
        if (!listed.TryGet(out var sessions, out var failure))
        {
            return failure.Kind == CallFailureKind.NotFound
                ? Refused("unknown-parent", $"OpenCode does not know the parent session {parent} of {options.Instance}.")
                : new CreateResult.Unreachable(failure.Reason);
        }

        return sessions.FirstOrDefault(s => s.Key == session.Key) is { } found ? Remember(session.Key, found) : null;
    }

    private async ValueTask<CreateResult> CreateNewAsync(NewSession session, string? parent, string? directory, Deadline deadline)
    {
        if (_uncertain.TryGetValue(session.Key, out var until) && time.GetUtcNow() < until)
        {
            return new CreateResult.Unreachable("An earlier creation may still be under way; it is looked for again first.");
        }

        var (error, failure) = await _availability.CheckAsync(session.Agent, session.Model, directory, deadline);
        if (error is not null || failure is not null)
        {
            return error is not null ? new CreateResult.Refused(error) : new CreateResult.Unreachable(failure!.Reason);
        }

        var reply = await client.PostAsync(
            Paths.NewSession(directory), Body(session, parent), WireJson.Default.CreateSessionBody, WireJson.Default.WireSession, deadline);
        if (reply.TryGet(out var created, out failure))
        {
            return Remember(session.Key, created);
        }

        switch (failure.Kind)
        {
            case CallFailureKind.Rejected:
                return Refused("invalid-request", failure.Reason);
            case CallFailureKind.NotConnected or CallFailureKind.Unauthorised:
                return new CreateResult.Unreachable(failure.Reason);
            default:
                _uncertain[session.Key] = time.GetUtcNow() + Quiet;
                return new CreateResult.Unreachable(failure.Reason);
        }
    }

    private static CreateSessionBody Body(NewSession session, string? parent)
    {
        var model = session.Model is null ? null : ModelName.Parse(session.Model);
        var metadata = new SortedDictionary<string, string>(session.Metadata, StringComparer.Ordinal) { ["key"] = session.Key };
        return new CreateSessionBody
        {
            ParentId = parent,
            Title = session.Title,
            Agent = session.Agent,
            Model = model is null ? null : new SessionModel { ProviderId = model.Provider, Id = model.Model, Variant = session.Variant },
            Metadata = new SessionMetadata(metadata),
            Permission = SessionRules.Of(session.Permissions, session.Tools),
        };
    }

    private CreateResult Remember(string key, WireSession session)
    {
        if (session.Id is not { Length: > 0 } id)
        {
            return new CreateResult.Unreachable("OpenCode answered a session without an id.");
        }

        if (_created.Count >= MostRemembered)
        {
            _created.Clear();
        }

        _uncertain.TryRemove(key, out _);
        return _created[key] = new CreateResult.Created(new Address(options.Instance, id), session.Directory);
    }

    private static CreateResult Refused(string reason, string message) => new CreateResult.Refused(new TaskError(FailureClass.Request, reason, message));
}
