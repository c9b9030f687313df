using Microsoft.Extensions.Logging.Abstractions;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.Chat;
using Rouse.Sqlite;

namespace Rouse.Cli.Demo;

/// <summary>
/// The parent's conversation as its harness stored it, read from the file after the worker has stopped: what the parent has really been told,
/// whatever Rouse says about it.
/// </summary>
internal static class ParentHistory
{
    public static async Task<IReadOnlyList<ChatEntry>> ReadAsync(string data, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var journal = await SqliteJournal.OpenAsync(new SqliteJournalOptions { Directory = data });
        var address = new Address(DemoScript.Instance, DemoScript.ParentSession);
        var length = (await journal.FindAsync(address, cancellationToken))?.Messages ?? 0;

        // Not started, so it reads and runs nothing.
        await using var harness = new ChatHarness(DemoScript.Harness(time), journal, () => throw new InvalidOperationException("Nobody delegates here."), time, NullLoggerFactory.Instance);
        var entries = new List<ChatEntry>();
        if (length == 0)
        {
            return entries;
        }

        await foreach (var line in harness.FollowAsync(address.Id, after: 0, cancellationToken))
        {
            entries.Add(line.Entry);
            if (line.Number == length)
            {
                break;
            }
        }

        return entries;
    }
}
