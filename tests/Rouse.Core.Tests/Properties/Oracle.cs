using System.Text.Json;

namespace Rouse.Core.Tests;

/// <summary>Plays the steps of a story and says which property is violated first, and how.</summary>
/// <param name="thorough">Compares whole states after every step, not after some.</param>
/// <param name="twin">Keeps the twin that forgets.</param>
internal sealed class Oracle(bool thorough, bool twin = true)
{
    private readonly Ledger _ledger = new();
    private readonly Dictionary<ObligationKey, Obligation> _stored = [];
    private readonly HashSet<int> _forgotten = [];
    private Crew _rebuilt = Crew.New(new CrewId("c"));
    private Crew _twin = Crew.New(new CrewId("c"));
    private Crew _flushed = Crew.New(new CrewId("c"));
    private Touched _touched = Touched.Nothing;
    private bool _twinDiverged = !twin;
    private int _steps;

    public Crew Crew { get; private set; } = Crew.New(new CrewId("c"));

    public DateTimeOffset Now { get; private set; } = CrewStory.Begin;

    public HashSet<Type> SeenEvents { get; } = [];

    /// <summary>What is wrong after the step; nothing when all is well.</summary>
    public IReadOnlyList<Violation> Play(Step step)
    {
        try
        {
            return Take(step);
        }
        catch (Exception error)
        {
            return [new Violation(Property.NothingThrows, error.ToString())];
        }
    }

    private List<Violation> Take(Step step)
    {
        Now += step.Wait;
        _steps++;
        var moment = new Moment(Now, Rules.Default);
        var before = Crew;
        var look = thorough || _steps % 48 == 0;
        var beforeJson = look ? Json(before) : "";
        var decision = before.Decide(step.Input, moment);
        Crew = decision.Next;
        SeenEvents.UnionWith(decision.Events.Select(e => e.GetType()));
        return (decision.Events.IsEmpty ? Unchanged(before) : Changed(before, step.Input, decision))
            .Concat(look ? Rebuilt() : [])
            .Concat(Differences(decision, step.Flush))
            .Concat(Forgetting(step, moment, decision))
            .Concat(look ? Pure(before, beforeJson, step.Input, moment, decision) : []).ToList();
    }

    public IEnumerable<Violation> End() => Rebuilt();

    private IEnumerable<Violation> Unchanged(Crew before) => ReferenceEquals(before, Crew) ? [] : [new(Property.DecideIsPure, "the state changed without an event")];

    private IEnumerable<Violation> Changed(Crew before, Input input, Decision decision) =>
        decision.Events.SelectMany(_ledger.Enter).ToList()
            .Concat(Settling(decision))
            .Concat(Owing())
            .Concat(InFlight())
            .Concat(Consuming(decision, input))
            .Concat(Saying(before))
            .Concat(Slots(before, input))
            .Concat(Tasks())
            .Concat(Rebuild(decision))
            .Concat(Touching(before, decision));

    /// <summary>Invariant 3.</summary>
    private static IEnumerable<Violation> Settling(Decision decision)
    {
        foreach (var settled in decision.Events.OfType<TaskSettled>())
        {
            var task = decision.Next.Find(settled.Task)!;
            var told = decision.Events.OfType<NoticePosted>().Where(n => n.Task == settled.Task && n.Kind == NoticeKind.Settled).ToList();
            if (told.Count != 1 || told[0].Session != task.Spec.From || told[0].Run != settled.Run)
            {
                yield return new(Property.OneNoticePerOutcome, $"{settled.Task} was settled and made {told.Count} notices: {string.Join(", ", told)}");
            }

            if (told.Count == 1 && told[0].Wakes != (task.Spec.Wake != WakePolicy.None) && settled.Outcome.Status != AgentTaskStatus.Cancelled)
            {
                yield return new(Property.OneNoticePerOutcome, $"{told[0]} does not follow the policy {task.Spec.Wake}");
            }
        }

        if (decision.Events.OfType<NoticePosted>().Count(n => n.Kind == NoticeKind.Settled) != decision.Events.OfType<TaskSettled>().Count())
        {
            yield return new(Property.OneNoticePerOutcome, "a settled notice was posted for no outcome");
        }
    }

    /// <summary>Invariant 4: what the ledger says is unfinished, the crew owes, and nothing else.</summary>
    private IEnumerable<Violation> Owing()
    {
        var brought = _ledger.Brought();
        var ripe = Ripe(brought);
        var owed = Crew.Owes().Select(o => o.Key).ToList();
        var expected = new List<ObligationKey>();
        foreach (var (number, entry) in _ledger.Tasks.Where(t => t.Value.Outcome is null))
        {
            var kind = Crew.Tasks[number].Status switch
            {
                AgentTaskStatus.Queued => ObligationKind.Queue,
                AgentTaskStatus.Starting => ObligationKind.Start,
                _ => ObligationKind.Supervise,
            };
            expected.Add(new ObligationKey(kind, number, entry.Attempts));
            if (entry.Spec.Deadline is not null)
            {
                expected.Add(new ObligationKey(ObligationKind.Deadline, number, 0));
            }
        }

        expected.AddRange(_ledger.Aborts.Select(a => new ObligationKey(ObligationKind.Abort, a.Task, a.Attempt)));
        foreach (var (number, wake) in _ledger.OpenWakes)
        {
            if (wake.Phase is WakePhase.Dispatched or WakePhase.Admitted)
            {
                expected.Add(new ObligationKey(ObligationKind.Confirm, number, 0));
            }
            else if (wake.Phase == WakePhase.Leased || ripe.Contains(wake.Session))
            {
                var settling = wake.Phase == WakePhase.Due && _ledger.Children.TryGetValue(wake.Session, out var run) && Crew.Tasks[run.Task].Status == AgentTaskStatus.Settling;
                var task = settling ? _ledger.Children[wake.Session] : default;
                expected.Add(settling ? new ObligationKey(ObligationKind.Resume, task.Task, task.Attempt) : new ObligationKey(ObligationKind.Deliver, number, 0));
            }
        }

        var missing = expected.Except(owed).ToList();
        var surplus = owed.Except(expected).ToList();
        if (missing.Count + surplus.Count > 0 || owed.Distinct().Count() != owed.Count)
        {
            yield return new(Property.NothingOwedIsForgotten,
                $"missing: {string.Join(' ', missing)}; owed for nothing: {string.Join(' ', surplus)}; twice: {string.Join(' ', owed.GroupBy(o => o).Where(g => g.Count() > 1).Select(g => g.Key))}");
        }

        ripe.ExceptWith(_ledger.OpenWakes.Where(w => w.Value.Phase == WakePhase.Due).Select(w => w.Value.Session));
        foreach (var session in ripe)
        {
            yield return new(Property.NothingOwedIsForgotten, $"session {session} has a ripe notice and is owed no wake");
        }

        foreach (var (number, entry) in _ledger.Notices)
        {
            var state = Crew.Notices[number].State;
            if (state != (entry.Ended ?? (brought.Contains(number) ? NoticeState.Sent : NoticeState.Waiting)))
            {
                yield return new(Property.NoticesEndOnce, $"notice {number} is {state}, and its story says {entry.Ended?.ToString() ?? "owed"}");
            }

            if (Crew.Mailboxes.GetValueOrDefault(entry.Session)?.Waiting.Contains(number) is true != (state == NoticeState.Waiting))
            {
                yield return new(Property.NoticesEndOnce, $"notice {number} is {state}, and its mailbox says otherwise");
            }

            if (entry.Ended is null && !_ledger.IsLiving(entry.Session))
            {
                yield return new(Property.NothingOwedIsForgotten, $"notice {number} is owed to session {entry.Session}, which nobody reads");
            }
        }
    }

    /// <summary>Sessions with notices that no open sibling holds back and that no wake brings yet.</summary>
    private HashSet<int> Ripe(HashSet<int> brought) =>
        _ledger.Owed.Where(n => n.Value.Wakes && !brought.Contains(n.Key)).Where(n =>
        {
            var task = _ledger.Tasks[n.Value.Task];
            return task.Outcome!.Status is AgentTaskStatus.Failed or AgentTaskStatus.Lost || task.Spec.Wake == WakePolicy.Each
                || !_ledger.Tasks.Values.Any(t => t.Outcome is null && t.Spec.From == task.Spec.From && t.Spec.Group == task.Spec.Group && t.Round == task.Round);
        }).Select(n => n.Value.Session).ToHashSet();

    /// <summary>Invariant 6.</summary>
    private IEnumerable<Violation> InFlight() =>
        from wakes in _ledger.OpenWakes.GroupBy(w => w.Value.Session)
        let flying = wakes.Where(w => w.Value.Phase != WakePhase.Due).Select(w => w.Key).ToList()
        let due = wakes.Where(w => w.Value.Phase == WakePhase.Due).Select(w => w.Key).ToList()
        let mailbox = Crew.Mailboxes.GetValueOrDefault(wakes.Key)
        where flying.Count > 1 || due.Count > 1 || mailbox?.InFlight != flying.Cast<int?>().SingleOrDefault() || mailbox?.NextWake != due.Cast<int?>().SingleOrDefault()
        select new Violation(Property.OneWakeInFlight, $"session {wakes.Key}: in flight {string.Join(' ', flying)}, due {string.Join(' ', due)}, mailbox {mailbox?.InFlight}/{mailbox?.NextWake}");

    /// <summary>WAKE-8: what was seen before a wake was admitted cannot show that it was consumed.</summary>
    private IEnumerable<Violation> Consuming(Decision decision, Input input)
    {
        foreach (var e in decision.Events)
        {
            if (e is WakeAdmitted admitted)
            {
                _ledger.Wakes[admitted.Wake.Number].AdmittedAt = Now;
            }
            else if (e is WakeConsumed consumed && (input as SessionSeen)?.Inspection.At is var at && (at is null || at < _ledger.Wakes[consumed.Wake.Number].AdmittedAt))
            {
                yield return new(Property.ConsumedByALaterLook, $"{consumed.Wake} was consumed by a look of {at:T}");
            }
        }
    }

    /// <summary>Invariant 5: what may have been sent is sent again with the same words, whatever became of its tasks meanwhile.</summary>
    private IEnumerable<Violation> Saying(Crew before) =>
        from wake in before.Wakes.Values
        where wake.InFlight && Crew.Find(wake.Id) is { InFlight: true } after && after.Epoch == wake.Epoch
        let said = TextOf(before, wake)
        let says = TextOf(Crew, Crew.Find(wake.Id)!)
        where said != says
        select new Violation(Property.ASentWakeSaysTheSame, $"{wake.Id} said:\n{said}\nand says:\n{says}");

    private static string TextOf(Crew crew, Wake wake) => WakeText.Render(
        [.. wake.Notices.Select(n => crew.Find(n)!).Select(n => (Notice: n, Task: crew.Find(n.Task)!)).Select(
            x => new WakeItem(x.Task, (x.Notice.Kind == NoticeKind.LateResult ? x.Task.LateResult : x.Task.Outcome!.Output)?.Hash, x.Notice.Kind == NoticeKind.LateResult))],
        [.. wake.Mentions.Select(crew.Find).OfType<AgentTask>()], [.. wake.StillOpen.Select(crew.Find).OfType<AgentTask>()], Rules.Default);

    /// <summary>Invariant 8: the slots that events took and gave back are those that the state shows; only a guarded commit takes one.</summary>
    private IEnumerable<Violation> Slots(Crew before, Input input)
    {
        var now = SlotsOf(Crew);
        if (!now.SetEquals(_ledger.Slots))
        {
            yield return new(Property.SlotsHold, $"the state shows {string.Join(' ', now)}; the events leave {string.Join(' ', _ledger.Slots)}");
        }

        now.ExceptWith(SlotsOf(before));
        if (now.Count > 0 && input is not (StartAttempt or ResumeTask))
        {
            yield return new(Property.SlotsGrowByStartsOnly, $"{input.GetType().Name} took the slots of {string.Join(' ', now)}");
        }
    }

    private static HashSet<(int Task, int Attempt)> SlotsOf(Crew crew) =>
        [.. crew.Tasks.Values.SelectMany(t => t.Attempts.Where(t.Holds).Select(a => (t.Id.Number, a.Number)))];

    /// <summary>Invariants 2, 9 and 11.</summary>
    private IEnumerable<Violation> Tasks()
    {
        foreach (var (number, entry) in _ledger.Tasks)
        {
            var task = Crew.Tasks[number];
            if (task.IsSettled != entry.Outcome is not null || task.Outcome != entry.Outcome || (entry.Outcome is { } o && o.Status != task.Status))
            {
                yield return new(
                    entry.Outcome?.Status == AgentTaskStatus.Cancelled ? Property.CancelledStaysCancelled : Property.OneOutcome,
                    $"task {number} is {task.Status} with the outcome {task.Outcome}; it was settled as {entry.Outcome}");
            }

            if (entry.Outcome is null && !_ledger.IsLiving(entry.Spec.From.Number))
            {
                yield return new(Property.LivingReturnAddress, $"task {number} is open and nobody reads what is told to {entry.Spec.From}");
            }
        }
    }

    private IEnumerable<Violation> Rebuild(Decision decision)
    {
        foreach (var e in decision.Events)
        {
            _rebuilt = _rebuilt.Apply(EventCodec.Decode(EventCodec.NameOf(e), EventCodec.Encode(e)), Now);
        }

        return [];
    }

    private IEnumerable<Violation> Rebuilt() => Json(_rebuilt) == Json(Crew) ? [] : [new(Property.EventsRebuildTheState, Apart(Json(Crew), Json(_rebuilt)))];

    /// <summary>What a journal would hold: the differences of each commit, which may hold several decisions.</summary>
    private IEnumerable<Violation> Differences(Decision decision, bool flush)
    {
        _touched = _touched.Union(decision.Touched);
        if (!flush)
        {
            yield break;
        }

        var (owed, settled) = Crew.Difference(_flushed, Crew, _touched);
        settled.ToList().ForEach(k => _stored.Remove(k));
        owed.ToList().ForEach(o => _stored[o.Key] = o);
        (_flushed, _touched) = (Crew, Touched.Nothing);
        var now = Crew.Owes().ToDictionary(o => o.Key);
        foreach (var key in now.Keys.Union(_stored.Keys).Where(k => !Equals(now.GetValueOrDefault(k), _stored.GetValueOrDefault(k))))
        {
            yield return new(Property.DifferencesAddUp, $"stored is {_stored.GetValueOrDefault(key)}, owed is {now.GetValueOrDefault(key)}");
        }
    }

    private static IEnumerable<Violation> Touching(Crew before, Decision decision)
    {
        var (after, touched) = (decision.Next, decision.Touched);
        return Changed(before.Sessions, after.Sessions, touched.Sessions, "session")
            .Concat(Changed(before.Tasks, after.Tasks, touched.Tasks, "task"))
            .Concat(Changed(before.Notices, after.Notices, touched.Notices, "notice"))
            .Concat(Changed(before.Wakes, after.Wakes, touched.Wakes, "wake"));
    }

    private static IEnumerable<Violation> Changed<T>(IReadOnlyDictionary<int, T> before, IReadOnlyDictionary<int, T> after, IReadOnlySet<int> touched, string kind)
        where T : class =>
        ReferenceEquals(before, after) ? [] : before.Keys.Union(after.Keys)
            .Where(n => !ReferenceEquals(before.GetValueOrDefault(n), after.GetValueOrDefault(n)) && !touched.Contains(n))
            .Select(n => new Violation(Property.TouchedCoversChanges, $"{kind} {n} changed and is not touched"));

    /// <summary>A twin that forgets what is over, and is stored and loaded, decides as the crew does.</summary>
    private IEnumerable<Violation> Forgetting(Step step, Moment moment, Decision decision)
    {
        if (step.Forget && !_twinDiverged)
        {
            var small = _twin.Forget();
            _forgotten.UnionWith(_twin.Tasks.Keys.Except(small.Tasks.Keys));
            _twin = JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(small, CoreJson.Default.Crew), CoreJson.Default.Crew)!;
        }

        _twinDiverged |= MeetsForgotten(step.Input);
        if (_twinDiverged)
        {
            yield break;
        }

        var other = _twin.Decide(step.Input, moment);
        _twin = other.Next;
        var full = decision.Events.Where(e => e is not SessionGone x || _twin.Find(x.Session) is not null).Select(Text).ToList();
        if (!full.SequenceEqual(other.Events.Select(Text), StringComparer.Ordinal))
        {
            yield return new(Property.ForgettingChangesNothing, $"with all remembered:\n    {string.Join("\n    ", full)}\n  after forgetting:\n    {string.Join("\n    ", other.Events.Select(Text))}");
        }

        foreach (var number in other.Touched.Tasks.Where(_forgotten.Contains))
        {
            yield return new(Property.ForgettingChangesNothing, $"the forgotten task {number} came back");
        }

        if ((decision.Events.Length > 0 || step.Forget) && !Crew.Owes().ToHashSet().SetEquals(_twin.Owes()))
        {
            yield return new(Property.ForgettingChangesNothing, $"owed is {string.Join(' ', Crew.Owes().Select(o => o.Key))}; after forgetting {string.Join(' ', _twin.Owes().Select(o => o.Key))}");
        }
    }

    /// <summary>The journal, not the crew, remembers addresses and idempotency keys of what was forgotten.</summary>
    private bool MeetsForgotten(Input input) => input switch
    {
        RegisterSession x => (Crew.Find(x.Address) is { } known && IsForgotten(known.Id)) || (x.Parent is { } parent && IsForgotten(parent)),
        Delegate { Spec: { Key: { } key, From: var from } } =>
            Crew.Keys.TryGetValue($"{from.Number}:{key}", out var task) && task <= _twin.LastNumber && !_twin.Tasks.ContainsKey(task),
        _ => false,
    };

    private bool IsForgotten(SessionId session) =>
        Crew.Find(session) is not null && session.Number <= _twin.LastNumber && _twin.Find(session) is null;

    private static IEnumerable<Violation> Pure(Crew before, string beforeJson, Input input, Moment moment, Decision decision)
    {
        var again = before.Decide(input, moment);
        if (!again.Events.Select(Text).SequenceEqual(decision.Events.Select(Text), StringComparer.Ordinal)
            || again.Reply.GetType() != decision.Reply.GetType() || Json(again.Next) != Json(decision.Next))
        {
            yield return new(Property.DecideIsPure, "the same input and moment led to another decision");
        }

        if (Json(before) != beforeJson)
        {
            yield return new(Property.DecideIsPure, "the decision changed the state that it was made on");
        }
    }

    private static string Text(Event e) => $"{EventCodec.NameOf(e)} {System.Text.Encoding.UTF8.GetString(EventCodec.Encode(e))}";

    private static string Json(Crew crew) => JsonSerializer.Serialize(crew, CoreJson.Default.Crew);

    private static string Apart(string one, string other)
    {
        var at = one.Zip(other).TakeWhile(p => p.First == p.Second).Count();
        return $"...{one[Math.Max(0, at - 60)..Math.Min(one.Length, at + 60)]}\n  rebuilt as ...{other[Math.Max(0, at - 60)..Math.Min(other.Length, at + 60)]}";
    }
}
