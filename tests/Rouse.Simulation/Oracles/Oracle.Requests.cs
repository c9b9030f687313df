using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What was asked for is what is recorded, and what each session and each prompt is given, on every attempt.</summary>
public sealed partial class Oracle
{
    private static bool Same<T>(IEnumerable<T> a, IEnumerable<T> b) => a.SequenceEqual(b);

    private static bool IsAsAsked(BookedTask task, Work work) =>
        string.Equals(task.Wake, work.Wake.ToString(), StringComparison.OrdinalIgnoreCase) && task.Group == (work.Group ?? "")
        && task.Instance == (work.Instance ?? task.From.Instance) && task.Priority == work.Priority && task.Model == work.Model
        && Same(task.Fallbacks, work.Fallbacks) && task.Deadline is null == work.Deadline is null;

    private void CheckSpec(BookedTask task, Work work)
    {
        if (!IsAsAsked(task, work))
        {
            Break(Rule.AsAsked, $"{task.Id} is recorded with wake {task.Wake}, group '{task.Group}', instance {task.Instance}, model {task.Model}; asked was {work}");
        }

        CheckLanes(task);
        if (task.From.Told.Contains((task.Group, task.Round)))
        {
            Break(Rule.Batching, $"{task.Id} joins round {task.Round} of '{task.Group}', which a wake has told");
        }

        if (IsOver(task.From))
        {
            Break(Rule.Quiescent, $"{task.Id} was accepted, and nobody is left in {task.From.Id} to be told of it");
        }
    }

    /// <summary>The run in a session is over, or that above it.</summary>
    private static bool IsOver(BookedSession session) =>
        session.Gone || (session.Task is { } run ? run.IsSettled || run.Current.Session != session : session.Parent is { } parent && IsOver(parent));

    /// <summary>Every lane that matches the model holds, its own and its provider's; where none does, the default.</summary>
    private void CheckLanes(BookedTask task)
    {
        var model = task.Current.Model;
        string[] lanes = model is null ? [] : [.. new[] { model.Split('/')[0], model }.Where(l => l is "acme" or "acme/big")];
        if (!Same(task.Current.Lanes.Order(StringComparer.Ordinal), lanes is [] ? ["default"] : lanes.Order(StringComparer.Ordinal)))
        {
            Break(Rule.Lanes, $"{task.Id} runs {model ?? "the agent's own model"} on the lanes {string.Join(", ", task.Current.Lanes)}");
        }
    }

    private void CheckCreate(SimHarness harness, NewSession spec)
    {
        CheckUp(harness);
        var attempt = string.Join(' ', spec.Metadata.Values);
        if (!_creations.TryAdd(attempt, spec.Key) && _creations[attempt] != spec.Key)
        {
            Break(Rule.RunOnce, $"a session is asked for under {spec.Key} and under {_creations[attempt]} for {attempt}");
        }

        _created[spec.Key] = _created.GetValueOrDefault(spec.Key) + 1;
        var task = _books.Tasks[spec.Metadata["task"]];
        if (!_asked.TryGetValue((task.From.Id, task.Key!), out var asked))
        {
            return;
        }

        var (work, near) = (asked.Work, task.From.Instance == task.Instance);
        var model = task.Attempts.Find(a => spec.Key.EndsWith($"a{a.Number}", StringComparison.Ordinal))?.Model;
        if (spec.Agent != "worker" || spec.Title != work.Title || spec.Model != model || spec.Variant != work.Variant || spec.System != work.System
            || spec.Directory != (work.Directory ?? (near ? task.From.Directory : null)) || spec.Parent?.Id != (near ? task.From.Address : null)
            || !Same(spec.Tools, work.IsRestricted ? Work.Tools : Work.Tools.Clear()) || !Same(spec.Permissions, work.IsRestricted ? [Work.Rule] : []))
        {
            Break(Rule.AsAsked, $"{spec.Key} asks for {spec}; {work} was asked for, with the model {model}");
        }
    }

    private void CheckPrompt(Prompt prompt, BookedTask task, BookedAttempt attempt)
    {
        if (!_asked.TryGetValue((task.From.Id, task.Key!), out var asked))
        {
            return;
        }

        var work = asked.Work;
        if (prompt.Text != work.Prompt || prompt.Agent != "worker" || prompt.Model != attempt.Model || prompt.Variant != work.Variant || prompt.System != work.System
            || !Same(prompt.Tools, work.IsRestricted ? Work.Tools : Work.Tools.Clear()))
        {
            Break(Rule.AsAsked, $"{prompt.Key} is {prompt}; {work} was asked for, with the model {attempt.Model}");
        }
    }

    /// <summary>Where nobody can be asked whether a prompt arrived, it is claimed on record first, and what may have been sent is not sent again.</summary>
    private void CheckOnce(Address address, Prompt prompt)
    {
        if (!CanOnlyGuess(address.Instance))
        {
            _mayHaveArrived.Add(prompt.Key);
            return;
        }

        var isClaimed = !prompt.IsWake
            ? _books.At(address.Instance, address.Id)?.Task?.Attempts.Exists(a => a.Session?.Address == address.Id && a.ClaimedBy is not null) ?? false
            : _books.WakeOf(Base(prompt.Key)) is { } wake && (wake.Key == prompt.Key ? wake.Phase == "leased" || wake.Phase == "admitted" : wake.Nudged);
        if (!isClaimed)
        {
            Break(Rule.ToldOnce, $"{prompt.Key} is sent into {address}, which cannot be asked for it, and no claim is on record");
        }

        if (!_mayHaveArrived.Add(prompt.Key))
        {
            Break(Rule.ToldOnce, $"{prompt.Key} is sent into {address} again, which cannot be asked whether the first one arrived");
        }
    }
}
