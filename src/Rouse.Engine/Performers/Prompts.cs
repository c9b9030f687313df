using Rouse.Core;

namespace Rouse.Engine;

/// <summary>Makes the prompts of attempts and wakes. The same state gives the same prompt, so every retry sends what the first try sent.</summary>
internal sealed class Prompts(IJournal journal, Rules rules)
{
    public async Task<Prompt> OfAttemptAsync(AgentTask task, CancellationToken cancellationToken) => new()
    {
        Key = Crew.AttemptKey(task.Id, task.Current.Number),
        Text = await BodyAsync(task.Spec.Prompt, cancellationToken),
        IsWake = false,
        Agent = task.Spec.Agent,
        Model = Sabotage.PromptsTheFirstModel ? task.Spec.Model : task.Current.Model,
        Variant = task.Spec.Variant,
        System = task.Spec.System is { } system ? await BodyAsync(system, cancellationToken) : null,
        Tools = Sabotage.DropsTheTools ? task.Spec.Tools.Clear() : task.Spec.Tools,
    };

    public async Task<NewSession> SessionOfAsync(Crew crew, AgentTask task, Attempt attempt, CancellationToken cancellationToken)
    {
        var from = crew.Find(task.Spec.From)!;
        var sameInstance = from.Address.Instance == task.Spec.Instance;
        return new NewSession
        {
            Key = Crew.AttemptKey(task.Id, attempt.Number),
            Parent = sameInstance ? from.Address : null,
            Title = task.Title,
            Agent = task.Spec.Agent,
            Model = attempt.Model,
            Variant = task.Spec.Variant,
            Directory = (Sabotage.WorksInTheParentsDirectory ? null : task.Spec.Directory) ?? (sameInstance ? from.Directory : null),
            Permissions = Sabotage.DropsThePermissions ? [] : task.Spec.Permissions,
            Tools = task.Spec.Tools,
            System = task.Spec.System is { } system ? await BodyAsync(system, cancellationToken) : null,
            Metadata = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty
                .Add("task", task.Id.ToString()).Add("attempt", attempt.Number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        };
    }

    public async Task<Prompt> OfWakeAsync(Crew crew, Wake wake, CancellationToken cancellationToken)
    {
        var items = new List<WakeItem>();
        var notices = wake.Notices.Select(n => crew.Find(n)!);
        notices = Sabotage.ChangesAWakeAfterItsDispatch && wake.Sends > 0
            ? notices.Concat(crew.MailboxOf(wake.Session).Waiting.Select(n => crew.Notices[n]))
            : notices;
        foreach (var notice in notices)
        {
            var task = crew.Find(notice.Task)!;
            var late = notice.Kind == NoticeKind.LateResult;
            var output = late ? task.LateResult : task.Outcome?.Output;
            items.Add(new WakeItem(task, output is { } body ? await BodyAsync(body, cancellationToken) : null, late));
        }

        return new Prompt
        {
            Key = Sabotage.NamesEachSendAnew && wake.Sends > 0 ? $"{wake.Key}s{wake.Sends}" : wake.Key,
            Text = WakeText.Render(items, [.. wake.Mentions.Select(crew.Find).OfType<AgentTask>()], [.. wake.StillOpen.Select(crew.Find).OfType<AgentTask>()], rules),
            IsWake = true,
        };
    }

    public static Prompt OfNudge(Wake wake) => new() { Key = wake.NudgeKey, Text = WakeText.Nudge, IsWake = true };

    private async Task<string> BodyAsync(BodyRef body, CancellationToken cancellationToken) =>
        await journal.ReadBodyAsync(body.Hash, cancellationToken)
        ?? throw new InvalidOperationException($"The journal does not hold the text {body.Hash} that its events refer to.");
}
