using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Rouse.Harnesses.Chat.Turns;

namespace Rouse.Harnesses.Chat.Scripted;

/// <summary>
/// A model without a model: a plain text script says what it answers. It is deterministic and needs no network, for demonstrations and tests.
/// </summary>
/// <remarks>
/// <para>A script has one directive a line. Blank lines and lines that start with <c>#</c> are skipped.</para>
/// <list type="table">
/// <item><term><c>SAY:text</c></term><description>Answers with text; several add up; <c>\n</c> is a new line.</description></item>
/// <item><term><c>TOOL:name:{json}</c></term><description>Calls a tool; several in one step are calls of one answer. <c>$TASK</c> in the JSON is the
/// task id that the conversation named last.</description></item>
/// <item><term><c>SLOW:ms</c></term><description>Waits, on the clock that the client was given.</description></item>
/// <item><term><c>ERR:status:message</c></term><description>Fails as an HTTP answer with that status does.</description></item>
/// <item><term><c>HANG</c></term><description>Never goes on, until it is cancelled.</description></item>
/// <item><term><c>NEXT</c></term><description>Begins the next step: the k-th step is the k-th model call after the last user message. Beyond the last
/// step the model says <c>done</c>.</description></item>
/// <item><term><c>ON:text</c></term><description>Begins a section for user messages that contain the text. The first section that fits is taken, or
/// else the lines before the first <c>ON</c>.</description></item>
/// </list>
/// <para>
/// The agent's own script comes first, then the script for all agents; where no section of it fits, the directives among the lines of the last
/// user message (all but <c>ON</c>); where there are none, the model says <c>ECHO:</c> and the start of that message. Thread-safe: it keeps no
/// state.
/// </para>
/// </remarks>
public sealed partial class ScriptedChatClient : IChatClient
{
    private const int LongestEcho = 200;
    private static readonly IReadOnlyList<Directive> Done = [new Directive.Say("done")];

    private readonly TimeProvider _time;
    private readonly Script? _script;
    private readonly Dictionary<string, Script> _agents;

    /// <param name="time">What <c>SLOW</c> waits on.</param>
    /// <param name="script">For every agent that has none of its own; null for none.</param>
    /// <param name="agents">Scripts by the name of the agent, for agents of a <see cref="ChatHarness"/>.</param>
    /// <exception cref="FormatException">A script cannot be read; the message has the line.</exception>
    public ScriptedChatClient(TimeProvider time, string? script = null, IReadOnlyDictionary<string, string>? agents = null)
    {
        _time = time;
        _script = script is null ? null : Script.Parse(script);
        _agents = agents?.ToDictionary(a => a.Key, a => Script.Parse(a.Value), StringComparer.Ordinal) ?? [];
    }

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var history = messages.ToList();
        var last = history.FindLastIndex(m => m.Role == ChatRole.User);
        var step = Enumerable.Range(last + 1, history.Count - last - 1)
            .Count(i => history[i].Role == ChatRole.Assistant && (i == 0 || history[i - 1].Role != ChatRole.Assistant));
        var answer = $"{history.Count(m => m.Role == ChatRole.User).ToString(CultureInfo.InvariantCulture)}-{step.ToString(CultureInfo.InvariantCulture)}";
        var said = 0;
        var calls = 0;
        foreach (var directive in Plan(options, last < 0 ? "" : history[last].Text, step))
        {
            switch (directive)
            {
                case Directive.Say say:
                    said += say.Text.Length;
                    yield return Update(answer, new TextContent(say.Text));
                    break;
                case Directive.Tool tool:
                    yield return Update(answer, new FunctionCallContent($"call-{answer}-{calls++}", tool.Name, Arguments(tool, history)));
                    break;
                case Directive.Slow slow:
                    await Task.Delay(slow.Time, _time, cancellationToken);
                    break;
                case Directive.Fail fail:
                    throw new HttpRequestException(fail.Message, inner: null, (HttpStatusCode)fail.Status);
                case Directive.Hang:
                    await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken);
                    break;
            }
        }

        var usage = new UsageDetails { InputTokenCount = Tokens(history.Sum(m => m.Text.Length)), OutputTokenCount = Tokens(said) };
        var end = Update(answer, new UsageContent(usage));
        end.FinishReason = calls > 0 ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop;
        yield return end;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    /// <summary>Does nothing: there is nothing to let go.</summary>
    public void Dispose()
    {
    }

    private IReadOnlyList<Directive> Plan(ChatOptions? options, string message, int step)
    {
        var agent = options?.AdditionalProperties?.TryGetValue(ModelCall.AgentProperty, out string? name) is true ? name : null;
        var own = agent is null ? null : _agents.GetValueOrDefault(agent)?.StepsFor(message);
        if ((own ?? _script?.StepsFor(message) ?? Script.InMessage(message).StepsFor(message)) is { } steps)
        {
            return step < steps.Count ? steps[step] : Done;
        }

        return step == 0 ? [new Directive.Say("ECHO: " + message[..Math.Min(message.Length, LongestEcho)])] : Done;
    }

    private static ChatResponseUpdate Update(string answer, AIContent content) =>
        new(ChatRole.Assistant, [content]) { MessageId = answer, ResponseId = answer };

    private static Dictionary<string, object?> Arguments(Directive.Tool tool, List<ChatMessage> history)
    {
        var json = tool.Arguments.Replace("$TASK", LastTask(history), StringComparison.Ordinal);
        return JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!.ToDictionary(a => a.Key, object? (a) => a.Value, StringComparer.Ordinal);
    }

    private static string LastTask(List<ChatMessage> history) => Enumerable.Reverse(history)
        .SelectMany(m => m.Contents.Reverse())
        .Select(c => c switch { TextContent text => text.Text, FunctionResultContent { Result: string result } => result, _ => "" })
        .Select(t => TaskName.Match(t)).FirstOrDefault(m => m.Success)?.Value ?? "none";

    // A quarter of the characters: close enough to look real, and the same each time.
    private static long Tokens(int characters) => (characters + 3) / 4;

    [GeneratedRegex("task_[a-z0-9]+_[1-9][0-9]*", RegexOptions.RightToLeft | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TaskName { get; }
}
