using System.CommandLine;
using Rouse.Core;

namespace Rouse.Cli.Commands;

/// <summary>An id of any of the kinds that a command takes; the prefix says which.</summary>
internal abstract record AnyId
{
    private AnyId()
    {
    }

    public sealed record OfTask(TaskId Id) : AnyId;

    public sealed record OfSession(SessionId Id) : AnyId;

    public sealed record OfWake(WakeId Id) : AnyId;

    public static AnyId? TryParse(string text)
    {
        if (TaskId.TryParse(text, provider: null, out var task))
        {
            return new OfTask(task);
        }

        if (SessionId.TryParse(text, provider: null, out var session))
        {
            return new OfSession(session);
        }

        return WakeId.TryParse(text, provider: null, out var wake) ? new OfWake(wake) : null;
    }

    /// <param name="kinds">What the command takes, for the message: <c>a task (task_k3f9_2)</c>.</param>
    public static Argument<AnyId> Argument(string description, string kinds, params Type[] allowed) => new("id")
    {
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (TryParse(text) is { } id && allowed.Contains(id.GetType()))
            {
                return id;
            }

            result.AddError($"id: '{text}' is not the id of {kinds}");
            return null!;
        },
    };
}
