using System.ComponentModel;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.AI;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.Chat.Conversations;

namespace Rouse.Harnesses.Chat.Delegation;

/// <summary>The tools with which an agent delegates work and reads what became of it. Each is bound to the session that calls it.</summary>
/// <remarks>
/// All may be repeated after a crash: a delegation has the call's own key, the others read, or do nothing a second time. An agent reaches
/// the tasks of its own crew; any other looks like one that does not exist.
/// </remarks>
internal sealed class DelegationTools(Func<IBackgroundAgents> engine, ConversationStore store)
{
    private const string DelegateTool = "delegate_task";
    private const string OutputTool = "task_output";
    private const string ListTool = "task_list";
    private const string CancelTool = "task_cancel";
    private const int ListedTasks = 100;
    private const int PageOfOutput = 32 * 1024;

    private readonly CallingSession _calling = new(engine, store);

    public static IReadOnlyList<string> Names { get; } = [DelegateTool, OutputTool, ListTool, CancelTool];

    public IEnumerable<AIFunction> Of(Address session) =>
    [
        Tool(
            DelegateTool,
            "Gives work to another agent, in the background. Returns at once with the task's id. You are woken with the result: "
            + "end your turn or go on with other work, do not wait or poll.",
            (
                [Description("The agent that does the work.")] string agent,
                [Description("The whole task. The agent sees nothing else of this conversation.")] string prompt,
                AIFunctionArguments arguments,
                CancellationToken cancellationToken,
                [Description("The task in a few words, for people.")] string? description = null,
                [Description("Tasks of one group are told together, when all of them are settled.")] string? group = null,
                [Description("When you are woken: 'all' when the whole group is settled, 'each' for this task alone, 'none' never.")]
                WakePolicy wake = WakePolicy.All,
                [Description("A model other than the agent's own.")] string? model = null)
                => AnswerAsync(session, async calling =>
                {
                    var delegated = await engine().DelegateAsync(
                        new DelegationRequest
                        {
                            From = calling.Id, Agent = agent, Prompt = prompt, Description = description, Group = group, Wake = wake, Model = model,
                            IdempotencyKey = ChatToolCall.Of(arguments)?.Key,
                        },
                        cancellationToken);
                    return $"{delegated.Task.Id} is {Word(delegated.Task.Status)}. {delegated.Message}";
                }, cancellationToken)),
        Tool(
            OutputTool,
            "Reads what a task has produced. It can be read again and again.",
            (
                [Description("The task's id.")] string task,
                CancellationToken cancellationToken,
                [Description("The character to read from, for a long output.")] int offset = 0)
                => AnswerAsync(session, async calling => await FindAsync(calling, task, cancellationToken) is { } found
                    ? Told(found, await engine().OutputAsync(found.Id, cancellationToken), offset)
                    : NoSuchTask(task), cancellationToken)),
        Tool(
            ListTool,
            "Lists the tasks that you have delegated and how each stands.",
            (CancellationToken cancellationToken)
                => AnswerAsync(session, async calling => Listed(
                    await engine().TasksAsync(new TaskQuery(calling.Id, null, null, null, ListedTasks), cancellationToken)), cancellationToken)),
        Tool(
            CancelTool,
            "Cancels a task and everything under it. A settled task is left as it is.",
            ([Description("The task's id.")] string task, CancellationToken cancellationToken)
                => AnswerAsync(session, async calling => await FindAsync(calling, task, cancellationToken) is { } found
                    ? Cancelled(await engine().CancelAsync(found.Id, calling.Id, cancellationToken))
                    : NoSuchTask(task), cancellationToken)),
    ];

    private static RepeatableFunction Tool(string name, string description, System.Delegate method) =>
        new(AIFunctionFactory.Create(method, new AIFunctionFactoryOptions { Name = name, Description = description, ExcludeResultSchema = true }));

    /// <summary>What cannot be done is an answer too: the model is told what, why and what to do.</summary>
    private async Task<string> AnswerAsync(Address session, Func<SessionView, Task<string>> act, CancellationToken cancellationToken)
    {
        try
        {
            return await act(await _calling.FindAsync(session, cancellationToken));
        }
        catch (RefusedException e)
        {
            var limit = e.Refusal is { Limit: { } name, LimitValue: var value } ? $" Limit: {name} = {value?.ToString(CultureInfo.InvariantCulture)}." : "";
            return $"Refused ({e.Refusal.Type}): {e.Refusal.Detail}{limit}";
        }
        catch (JournalUnavailableException e)
        {
            return $"Refused (journal-unavailable): {e.Message} Nothing was changed; try again later.";
        }
    }

    private async Task<TaskView?> FindAsync(SessionView calling, string task, CancellationToken cancellationToken) =>
        TaskId.TryParse(task, CultureInfo.InvariantCulture, out var id) && id.Crew == calling.Crew
            ? await engine().FindTaskAsync(id, cancellationToken)
            : null;

    private static string NoSuchTask(string task) => $"Refused (not-found): there is no task '{TextBounds.OneLine(task, 80)}'. {ListTool} shows yours.";

    private static string Told(TaskView task, OutputView? output, int offset)
    {
        var head = $"{task.Id} is {Word(task.Status)}.";
        if (output is null or { Text.Length: 0 })
        {
            return task.SettledAt is null ? $"{head} It has no output yet; you are woken when it is settled." : $"{head} It produced no output.{Why(task)}";
        }

        var from = Math.Clamp(offset, 0, output.Text.Length);
        var text = output.Text.AsSpan(from, Math.Min(PageOfOutput, output.Text.Length - from));
        var rest = output.Text.Length - from - text.Length;
        var partial = output.Partial ? " The output is partial: the task did not complete." : "";
        var truncated = output.Truncated ? " It was cut at a length or step limit." : "";
        return $"{head}{partial}{truncated}{Why(task)}\n\n{text}" + (rest > 0 ? $"\n\n[{rest} characters more: read on with offset {from + text.Length}]" : "");
    }

    private static string Why(TaskView task) => task.Outcome?.Error is { } error ? $" Error ({error.Reason}): {error.Message}" : "";

    private static string Listed(Page<TaskView> page)
    {
        if (page.Items.Count == 0)
        {
            return "You have delegated nothing.";
        }

        var text = new StringBuilder();
        foreach (var task in page.Items)
        {
            var description = TextBounds.OneLine(task.Description, 120) ?? "no description";
            text.Append(CultureInfo.InvariantCulture, $"{task.Id} {Word(task.Status)}, {task.Agent}: {description}\n");
        }

        return text.Append(page.Next is null ? "" : $"The first {page.Items.Count} are shown.").ToString().TrimEnd();
    }

    private static string Cancelled(CancelReply reply) =>
        string.Join('\n', reply.Items.Select(t => t.Before == t.Status
            ? $"{t.Id} was {Word(t.Status)} already."
            : $"{t.Id} is {Word(t.Status)}; it was {Word(t.Before)}."));

    private static string Word(AgentTaskStatus status) => status.ToString().ToLowerInvariant();
}
