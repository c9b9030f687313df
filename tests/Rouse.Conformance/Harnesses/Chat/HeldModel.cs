using System.Threading.Channels;
using Microsoft.Extensions.AI;

namespace Rouse.Conformance.Harnesses.Chat;

/// <summary>A model whose every call waits for the test to answer it.</summary>
internal sealed class HeldModel : IChatClient
{
    private readonly Channel<Call> _calls = Channel.CreateUnbounded<Call>();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>The next call that the harness makes.</summary>
    public async Task<Call> NextAsync() => await _calls.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var call = new Call([.. messages], options!);
        Interlocked.Increment(ref _count);
        _calls.Writer.TryWrite(call);
        return await call.Answered.WaitAsync(cancellationToken);
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var response = await GetResponseAsync(messages, options, cancellationToken);
        foreach (var update in response.ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    internal sealed class Call(IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        private readonly TaskCompletionSource<ChatResponse> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<ChatMessage> Messages { get; } = messages;

        public ChatOptions Options { get; } = options;

        public Task<ChatResponse> Answered => _answer.Task;

        public void Say(string text) => Say(new TextContent(text));

        public void CallTool(string tool, string callId = "c1") => Say(new FunctionCallContent(callId, tool, new Dictionary<string, object?>()));

        public void Say(params IList<AIContent> contents) => Respond(new ChatResponse(new ChatMessage(ChatRole.Assistant, contents)));

        public void Respond(ChatResponse response) => _answer.SetResult(response);

        public void Fail(Exception exception) => _answer.SetException(exception);
    }
}
