using Rouse.Core;

namespace Rouse.Server;

/// <summary>What people call the ids.</summary>
internal static class IdKinds
{
    public static string Of<T>() =>
        typeof(T) == typeof(SessionId) ? "the id of a session, such as session_k3f9_1"
        : typeof(T) == typeof(TaskId) ? "the id of a task, such as task_k3f9_1"
        : typeof(T) == typeof(WakeId) ? "the id of a wake, such as wake_k3f9_1"
        : typeof(T) == typeof(NoticeId) ? "the id of a notice, such as notice_k3f9_1"
        : typeof(T) == typeof(CrewId) ? "the id of a crew, such as crew_k3f9"
        : throw new InvalidOperationException($"{typeof(T)} is not an id.");

    /// <summary>Reads an id of the path.</summary>
    public static T FromRoute<T>(string id)
        where T : struct, IParsable<T> =>
        T.TryParse(id, provider: null, out var parsed) ? parsed : throw KnownProblems.Invalid("id", $"must be {Of<T>()}");
}
