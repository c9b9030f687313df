using Rouse.Core;

namespace Rouse.Simulation;

/// <summary>What must be the same with and without a crash: all that anybody can see when everything is over, save for times and ids.</summary>
public static class CrashOutcome
{
    public static string Of(World world, bool countWakes)
    {
        var crew = world.Journal.Replay(world.Journal.Crews.Single());
        return string.Join(
            "\n",
            crew.Tasks.Values.OrderBy(t => t.Spec.Key, StringComparer.Ordinal).Select(t => Tell(world, crew, t, countWakes))
                .Append($"{world.Journal.Slots.Count} slots, {world.Harness.Children.Count(s => s.Working)} at work")
                .Concat(Defects(world)));
    }

    private static string Tell(World world, Crew crew, AgentTask task, bool countWakes)
    {
        var output = task.Outcome?.Output is { } body ? $" '{world.Journal.Body(body)}'" : "";
        var notices = crew.Notices.Values.Where(n => n.Task == task.Id).Select(n => $"{n.Kind} {n.State}{(n.DeadLetter is null ? "" : $" {n.DeadLetter}")}, told {Told(world, crew, n)} times");
        var wakes = countWakes ? $", {Wakes(world, crew, task.Spec.From)} wakes to its parent" : "";
        return $"{task.Spec.Key}: {task.Status} {task.Outcome?.Reason}{output} in {task.Attempts.Length} attempts; {string.Join("; ", notices)}{wakes}";
    }

    /// <summary>How many messages in the history of its session brought the notice.</summary>
    private static int Told(World world, Crew crew, Notice notice) =>
        crew.Wakes.Values.Where(w => w.Notices.Contains(notice.Id)).Sum(w => History(world, crew, notice.Session)?.Entries(w.Key) ?? 0);

    private static int Wakes(World world, Crew crew, SessionId session) => History(world, crew, session)?.Wakes.Count() ?? 0;

    private static SimSession? History(World world, Crew crew, SessionId session) =>
        world.Harness.Sessions.FirstOrDefault(s => s.Address == crew.Find(session)!.Address);

    /// <summary>What no outcome may hold: a prompt that stands in a history twice or was run twice.</summary>
    public static IEnumerable<string> Defects(World world) =>
        world.Harness.Runs.Where(r => r.Value > 1).Select(r => $"{r.Key} was run {r.Value} times")
            .Concat(world.Harness.Sessions.SelectMany(s => s.Messages.Where(m => m.Key is not null).GroupBy(m => m.Key).Where(g => g.Count() > 1)
                .Select(g => $"{g.Key} entered {s.Address} {g.Count()} times")));
}
