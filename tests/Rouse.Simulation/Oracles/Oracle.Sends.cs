using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What must hold of every prompt that is sent: it is wanted, its session was seen open, and it is what it was.</summary>
public sealed partial class Oracle
{
    private void CheckDeliver(Address address, Prompt prompt)
    {
        CheckUp(_world.Harnesses[address.Instance]);
        CheckStorm(address, "deliver");
        CheckSend(address, prompt);
        CheckOnce(address, prompt);
        if (prompt.IsWake)
        {
            // A look takes its time to arrive. While the dispatch waits for a slow read, another one may come in between that is closed and not its own.
            if (!_looks.TryGetValue(address, out var look) || look.Open is not { } open || _world.Now - open > FreshLook
                || (look.Closed is not null && _world.Journal.Faults.SlowReads == look.SlowReads))
            {
                Break(Rule.Gate, $"{prompt.Key} is sent into {address} without a fresh look that found it open; the last one said: {look?.Closed ?? "nothing, there was none"}");
            }

            // A harness dates its messages by its own clock: where the node's differs, nobody can say how long ago a person spoke.
            if (_world.ClockIsOffBy == TimeSpan.Zero && _spoken.TryGetValue(address, out var spoken) && _world.Now - spoken <= _world.Options.Rules.PersonWindow)
            {
                Break(Rule.Gate, $"{prompt.Key} is sent into {address} {(_world.Now - spoken).TotalSeconds:0.0} s after a person has spoken there, and a look showed it");
            }

            if (_books.WakeOf(Base(prompt.Key)) is not { } wake || !wake.InFlight || wake.Session.Address != address.Id || wake.Session.Instance != address.Instance)
            {
                Break(Rule.NothingForgotten, $"{prompt.Key} is sent into {address}, and no wake in flight says so");
            }

            return;
        }

        var task = _books.At(address.Instance, address.Id)?.Task;
        if (task is null)
        {
            Break(Rule.DurableFirst, $"{prompt.Key} is sent into {address} before its address is recorded");
        }

        CheckBegins(task, $"{prompt.Key} is sent into {address}");
        CheckPrompt(prompt, task, task.Attempts.First(a => a.Session?.Address == address.Id));
    }

    /// <summary>What was sent and may have arrived is read back for a while before it is sent again, and it never changes.</summary>
    private void CheckSend(Address address, Prompt prompt)
    {
        _sends[prompt.Key] = _sends.GetValueOrDefault(prompt.Key) + 1;
        _senders[prompt] = _world.Newest;
        var isAdmitted = prompt.IsWake
            ? _books.WakeOf(Base(prompt.Key)) is { Phase: "admitted" }
            : _books.At(address.Instance, address.Id)?.Task?.Current.Admitted ?? false;
        if (!isAdmitted && _unknown.TryGetValue(prompt.Key, out var unknown) && unknown.Node == _world.Newest && _world.Now - unknown.At < _world.Options.Rules.ReadBackQuiet)
        {
            Break(Rule.ToldOnce, $"{prompt.Key} is sent again {(_world.Now - unknown.At).TotalSeconds:0.0} s after a send that may have arrived");
        }

        if (prompt.IsWake && !isAdmitted && !CanOnlyGuess(address.Instance) && _mayHaveArrived.Contains(prompt.Key) && _absent.GetValueOrDefault(prompt.Key) < _sentLast[prompt.Key])
        {
            Break(Rule.ToldOnce, $"{prompt.Key} is sent again, and the newest read-back has not missed it");
        }

        _sentLast[prompt.Key] = _world.Now;
        var content = _books.WakeOf(prompt.Key) is { InFlight: true } wake ? $"{prompt.Key} {wake.Epoch}" : null;
        if (content is not null && !_contents.TryAdd(content, prompt.Text) && _contents[content] != prompt.Text)
        {
            Break(Rule.ToldOnce, $"{prompt.Key} says something else than when it was sent before:\n{prompt.Text}\nbefore:\n{_contents[content]}");
        }
    }

    /// <summary>Once it was said to be cancelled, nothing begins for it any more. (A session may be created once more: that is how it is found.)</summary>
    private void CheckBegins(BookedTask task, string what)
    {
        if (task.CancelTold is { } told && told < _world.Now)
        {
            Break(Rule.StaysCancelled, $"{what} for {task.Id}, whose end as {task.Status} was told before");
        }

        // What a look may be old, and a process that stood still meanwhile.
        if (task.IsSettled && _world.Now - task.SettledAt > FreshLook && _world.AwakeSince < task.SettledAt)
        {
            Break(Rule.StaysCancelled, $"{what} for {task.Id}, which became {task.Status} at {task.SettledAt:T}");
        }
    }
}
