using System.Collections.Immutable;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.OpenCode.Http;
using Rouse.Harnesses.OpenCode.Wire;

namespace Rouse.Harnesses.OpenCode.Looks;

/// <summary>Reads one session as it is now.</summary>
internal sealed class SessionInspection(OpenCodeOptions options, OpenCodeClient client, TimeProvider time)
{
    /// <summary>How often a look is repeated that shows a turn which may just be ending.</summary>
    private const int MostLooks = 4;

    /// <summary>OpenCode says idle a moment before it has written down how an aborted turn ended.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(250);

    private readonly HistoryReader _history = new(client, options.PageSize);

    public async ValueTask<InspectResult> InspectAsync(string session, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(options.ReadDeadline, time, cancellationToken);
        var known = await client.GetAsync(Paths.Session(session), WireJson.Default.WireSession, deadline);
        if (!known.TryGet(out var wire, out var failure))
        {
            return failure.Kind == CallFailureKind.NotFound ? new InspectResult.Missing() : await UnreadableAsync(failure, cancellationToken);
        }

        try
        {
            var look = await LookAsync(session, wire.Directory, deadline);
            return look.TryGet(out var inspection, out failure)
                ? new InspectResult.Seen(inspection)
                : failure.Kind == CallFailureKind.NotFound ? new InspectResult.Missing() : await UnreadableAsync(failure, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new InspectResult.Unreadable("The session changes faster than it can be read.", InstanceDown: false);
        }
    }

    private async ValueTask<Reply<Inspection>> LookAsync(string session, string? directory, Deadline deadline)
    {
        var todos = await client.GetAsync(Paths.Todos(session), WireJson.Default.ListWireTodo, deadline);
        var steady = await ReadSteadyAsync(session, directory, deadline);
        if (!todos.TryGet(out var listed, out var failure) || !steady.TryGet(out var read, out failure))
        {
            return Reply<Inspection>.Fail(failure);
        }

        // A question holds its turn open: in an idle session there is none, whatever the list says.
        string? question = null;
        if (read.Status.IsWorking)
        {
            var asked = await OpenQuestions.ReadAsync(client, session, directory, deadline);
            if (!asked.TryGet(out var questions, out failure))
            {
                return Reply<Inspection>.Fail(failure);
            }

            question = questions.Describe(read.Messages);
        }

        return Reply<Inspection>.Ok(new Inspection
        {
            At = time.GetUtcNow(),
            Activity = read.Status.IsWorking ? Activity.Working : Activity.Idle,
            Messages = History.Translate(read.Messages, isIdle: !read.Status.IsWorking),
            OpenQuestion = question,
            OpenTodos = OpenTodosOf(listed),
            Retrying = read.Status.Retrying,
        });
    }

    /// <summary>
    /// Status and history are two calls, and a turn may begin or end between them. Idle beside an answer without an end would call a living turn
    /// dead: it is believed only when the status, asked once more, is idle still and the history then shows the same.
    /// </summary>
    private async ValueTask<Reply<Read>> ReadSteadyAsync(string session, string? directory, Deadline deadline)
    {
        string? loose = null;
        for (var look = 1; ; look++)
        {
            var status = await SessionStatus.ReadAsync(client, session, directory, deadline);
            if (!status.TryGet(out var now, out var failure))
            {
                return Reply<Read>.Fail(failure);
            }

            if (!now.IsWorking && loose is not null)
            {
                await Task.Delay(Settling, time, deadline.Token);
            }

            var history = await _history.ReadAsync(session, deadline);
            if (!history.TryGet(out var messages, out failure))
            {
                return Reply<Read>.Fail(failure);
            }

            var newest = messages.LastOrDefault(m => m.Info?.Role == "assistant")?.Info?.Id;
            if (now.IsWorking || !History.HasLooseEnd(messages) || newest == loose)
            {
                return Reply<Read>.Ok(new Read(now, messages));
            }

            if (look == MostLooks)
            {
                return Reply<Read>.Ok(new Read(new SessionStatus(IsWorking: true, Retrying: null), messages));
            }

            loose = newest;
        }
    }

    private async ValueTask<InspectResult> UnreadableAsync(CallFailure failure, CancellationToken cancellationToken) =>
        new InspectResult.Unreadable(failure.Reason, await client.IsInstanceDownAsync(failure, cancellationToken));

    private static ImmutableArray<string> OpenTodosOf(IEnumerable<WireTodo> todos) =>
        [.. todos.Where(t => t.Status is not ("completed" or "cancelled")).Select(t => t.Content ?? "").Where(t => t.Length > 0)];

    private sealed record Read(SessionStatus Status, List<WireMessage> Messages);
}
