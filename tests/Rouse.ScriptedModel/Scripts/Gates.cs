using System.Collections.Concurrent;

namespace Rouse.ScriptedModel.Scripts;

/// <summary>Barriers by name. A gate is closed until it is opened, and then stays open; it may be opened before anyone waits.</summary>
internal sealed class Gates
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new(StringComparer.Ordinal);

    public void Open(string name) => Gate(name).TrySetResult();

    public Task WaitAsync(string name, CancellationToken cancellationToken) => Gate(name).Task.WaitAsync(cancellationToken);

    private TaskCompletionSource Gate(string name) =>
        _gates.GetOrAdd(name, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
