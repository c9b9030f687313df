using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Rouse.Core.Tests;

/// <summary>
/// Finds the shortest story that still fails. What a left out step had made takes its number with it, so the inputs of the later steps are
/// rewritten: they mean the same tasks, sessions, notices and wakes as before. Its time passes all the same.
/// </summary>
internal static partial class Shrinking
{
    public static IReadOnlyList<Step> Shortest(IReadOnlyList<Step> steps, Func<IReadOnlyList<Step>, bool> fails)
    {
        var chunk = Math.Max(1, steps.Count / 2);
        while (chunk >= 1)
        {
            var before = steps.Count;
            for (var at = steps.Count - chunk; at >= 0; at = Math.Min(at, steps.Count) - chunk)
            {
                if (Without(steps, at, chunk) is var shorter && fails(shorter))
                {
                    steps = shorter;
                }
            }

            chunk = steps.Count < before ? Math.Min(chunk, steps.Count) : chunk / 2;
        }

        return Calm(steps, fails);
    }

    /// <summary>Waits and forgetting that the failure does not need only distract.</summary>
    private static IReadOnlyList<Step> Calm(IReadOnlyList<Step> steps, Func<IReadOnlyList<Step>, bool> fails)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            foreach (var calmer in new[] { steps[i] with { Wait = TimeSpan.Zero }, steps[i] with { Forget = false } })
            {
                List<Step> tried = [.. steps];
                tried[i] = calmer with { Forget = calmer.Forget && steps[i].Forget, Wait = calmer.Wait < steps[i].Wait ? calmer.Wait : steps[i].Wait };
                steps = tried[i] != steps[i] && fails(tried) ? tried : steps;
            }
        }

        return steps;
    }

    private static List<Step> Without(IReadOnlyList<Step> steps, int at, int count)
    {
        var (full, part) = (Crew.New(new CrewId("c")), Crew.New(new CrewId("c")));
        var now = CrewStory.Begin;
        var waited = TimeSpan.Zero;
        var numbers = new Dictionary<int, int>();
        var shorter = new List<Step>();
        for (var i = 0; i < steps.Count; i++)
        {
            now += steps[i].Wait;
            var moment = new Moment(now, Rules.Default);
            var next = After(full, steps[i].Input, moment);
            var made = Enumerable.Range(full.LastNumber + 1, next.LastNumber - full.LastNumber).ToList();
            full = next;
            if (i >= at && i < at + count)
            {
                made.ForEach(n => numbers[n] = 900 + n);
                waited += steps[i].Wait;
                continue;
            }

            var step = steps[i] with { Wait = steps[i].Wait + waited, Input = Renumber(steps[i].Input, n => numbers.GetValueOrDefault(n, n)) };
            shorter.Add(step);
            waited = TimeSpan.Zero;
            var first = part.LastNumber + 1;
            part = After(part, step.Input, moment);
            made.ForEach(n => numbers[n] = first + n - made[0]);
        }

        return shorter;
    }

    private static Crew After(Crew crew, Input input, Moment moment)
    {
        try
        {
            return crew.Decide(input, moment).Next;
        }
        catch (Exception)
        {
            return crew; // the story may be about just that
        }
    }

    private static Input Renumber(Input input, Func<int, int> number)
    {
        return input switch
        {
            RegisterSession x => x with { Parent = x.Parent is { } p ? Session(p) : null },
            Delegate x => x with { Spec = x.Spec with { From = Session(x.Spec.From) } },
            CancelTask x => x with { Task = Task(x.Task), By = x.By is { } by ? Session(by) : null },
            CancelAll x => x with { Session = Session(x.Session), By = x.By is { } by ? Session(by) : null },
            Acknowledge x => x with { Session = Session(x.Session), Notices = [.. x.Notices.Select(n => n with { Number = number(n.Number) })] },
            StartAttempt x => x with { Task = Task(x.Task) },
            ResumeTask x => x with { Task = Task(x.Task) },
            ChildSeen x => x with { Task = Task(x.Task) },
            DispatchPrompt x => x with { Task = Task(x.Task) },
            WithdrawPrompt x => x with { Task = Task(x.Task) },
            PromptSeen x => x with { Task = Task(x.Task) },
            AttemptFailed x => x with { Task = Task(x.Task) },
            AttemptLost x => x with { Task = Task(x.Task) },
            AttemptStopped x => x with { Task = Task(x.Task) },
            SessionSeen x => x with { Session = Session(x.Session), Inspection = x.Inspection with { Messages = [.. x.Inspection.Messages.Select(Message)] } },
            SessionLost x => x with { Session = Session(x.Session) },
            DeadlinePassed x => x with { Task = Task(x.Task) },
            HoldWake x => x with { Wake = Wake(x.Wake) },
            LeaseWake x => x with { Wake = Wake(x.Wake) },
            ReleaseWake x => x with { Wake = Wake(x.Wake) },
            WakeSent x => x with { Wake = Wake(x.Wake) },
            WakeFound x => x with { Wake = Wake(x.Wake) },
            NudgeFound x => x with { Wake = Wake(x.Wake) },
            WithdrawNudge x => x with { Wake = Wake(x.Wake) },
            AbandonWake x => x with { Wake = Wake(x.Wake) },
            _ => throw new InvalidOperationException($"'{input.GetType().Name}' is not renumbered."),
        };

        TaskId Task(TaskId id) => id with { Number = number(id.Number) };
        SessionId Session(SessionId id) => id with { Number = number(id.Number) };
        WakeId Wake(WakeId id) => id with { Number = number(id.Number) };
        SeenMessage Message(SeenMessage m) => m with
        {
            Key = m.Key is null ? null : NumberInKey().Replace(m.Key, n => number(int.Parse(n.ValueSpan, provider: null)).ToString(provider: null)),
        };
    }

    [GeneratedRegex("(?<=_[tw])[0-9]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NumberInKey();
}
