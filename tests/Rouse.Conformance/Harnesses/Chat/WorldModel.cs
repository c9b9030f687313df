using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Rouse.Harnesses.Chat.Scripted;

namespace Rouse.Conformance.Harnesses.Chat;

/// <summary>The scripted model with gates, which counts what it is asked.</summary>
internal sealed class WorldModel : IChatClient
{
    private const string Gate = "GATE:";

    private readonly ScriptedChatClient _scripted = new(TimeProvider.System);
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly ConcurrentDictionary<string, (TaskCompletionSource Reached, TaskCompletionSource Open)> _gates = new(StringComparer.Ordinal);

    public static string Waits(string gate) => Gate + gate;

    public Task ReachedAsync(string gate) => At(gate).Reached.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public void Open(string gate) => At(gate).Open.TrySetResult();

    /// <summary>How often a user message with that text was the last message of all.</summary>
    public int TimesAsked(string text) => _asked.Count(a => string.Equals(a, text, StringComparison.Ordinal));

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var history = messages.ToList();
        if (history[^1] is { Text: var text } last && last.Role == ChatRole.User)
        {
            _asked.Enqueue(text);
            if (text.StartsWith(Gate, StringComparison.Ordinal))
            {
                var (reached, open) = At(text[Gate.Length..]);
                reached.TrySetResult();
                await open.Task.WaitAsync(cancellationToken);
                history[^1] = new ChatMessage(ChatRole.User, "SAY:done");
            }
        }

        await foreach (var update in _scripted.GetStreamingResponseAsync(history, options, cancellationToken))
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() => _scripted.Dispose();

    private (TaskCompletionSource Reached, TaskCompletionSource Open) At(string gate) => _gates.GetOrAdd(gate, _ => (New(), New()));

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
