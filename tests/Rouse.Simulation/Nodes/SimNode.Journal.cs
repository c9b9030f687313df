using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

public sealed partial class SimNode
{
    /// <summary>The node's way to its store.</summary>
    private sealed class Journal(SimNode node) : IJournal
    {
        private SimJournal Inner => node._world.Journal;

        public ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken) =>
            new(node.ActAsync("commit", () => TellAsync(commit, cancellationToken), commit));

        public ValueTask<StoredCrew?> LoadAsync(CrewId crew, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.LoadAsync(crew, cancellationToken)));

        public ValueTask<IReadOnlyList<StoredEvent>> ReadAsync(long after, int most, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.ReadAsync(after, most, cancellationToken)));

        public ValueTask<(long First, long Last)> PositionsAsync(CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.PositionsAsync(cancellationToken)));

        public ValueTask<IReadOnlyList<StoredObligation>> ObligationsAsync(string? after, int most, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.ObligationsAsync(after, most, cancellationToken)));

        public ValueTask<IReadOnlyList<Slot>> SlotsAsync(CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.SlotsAsync(cancellationToken)));

        public ValueTask<string?> ReadBodyAsync(string hash, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.ReadBodyAsync(hash, cancellationToken)));

        public ValueTask<SessionRow?> FindSessionAsync(SessionId session, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.FindSessionAsync(session, cancellationToken)));

        public ValueTask<SessionRow?> FindSessionAsync(Address address, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.FindSessionAsync(address, cancellationToken)));

        public ValueTask<IReadOnlyList<SessionRow>> SessionsAsync(string? after, int most, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.SessionsAsync(after, most, cancellationToken)));

        public ValueTask<TaskRow?> FindTaskAsync(TaskId task, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.FindTaskAsync(task, cancellationToken)));

        public ValueTask<TaskRow?> FindTaskAsync(SessionId from, string key, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.FindTaskAsync(from, key, cancellationToken)));

        public ValueTask<IReadOnlyList<TaskRow>> TasksAsync(TaskQuery query, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.TasksAsync(query, cancellationToken)));

        public ValueTask<IReadOnlyList<NoticeRow>> NoticesAsync(SessionId session, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.NoticesAsync(session, cancellationToken)));

        public ValueTask<WakeRow?> FindWakeAsync(WakeId wake, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.FindWakeAsync(wake, cancellationToken)));

        public ValueTask<IReadOnlyList<WakeRow>> WakesAsync(SessionId? session, bool? deadLettered, string? after, int most, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.WakesAsync(session, deadLettered, after, most, cancellationToken)));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private async Task<CommitResult> TellAsync(Commit commit, CancellationToken cancellationToken)
        {
            var result = await Inner.CommitAsync(commit, cancellationToken);
            node._world.Story.Tell(
                $"{node._name} commit {string.Join(", ", commit.Events.Select(e => e.Type))} -> {(result is CommitResult.Committed ? "ok" : result)}");
            return result;
        }
    }
}
