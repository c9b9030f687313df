using Rouse.Cli.Client;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.Chat;

namespace Rouse.Cli.Demo;

/// <summary>All that the checks judge by: what the API says, and what stands in the parent's own history.</summary>
internal sealed record DemoFacts(
    Crash? Crash, IReadOnlyList<TaskView> Tasks, IReadOnlyList<NoticeView> Notices, IReadOnlyList<WakeView> Wakes, IReadOnlyList<ChatEntry> History)
{
    /// <summary>Asks the API, before the worker is stopped.</summary>
    public static async Task<DemoFacts> AskAsync(RouseClient client, SessionId parent, Crash? crash, CancellationToken cancellationToken)
    {
        var tasks = (await client.TasksAsync(new TaskFilter(Session: parent), new Paging(), cancellationToken)).Value.Items;
        var notices = (await client.MailboxAsync(parent, cancellationToken)).Value.Items;
        var wakes = notices.Select(n => n.Wake).OfType<WakeView>().DistinctBy(w => w.Id).ToList();
        return new DemoFacts(crash, tasks, notices, wakes, []);
    }
}
