namespace Rouse.Simulation;

/// <summary>What a wake brings, and when it may go out.</summary>
public sealed partial class Oracle
{
    /// <summary>A notice starts a turn unless its task asked for none, or the session knows of it by the reply to its own cancel.</summary>
    private void CheckPosted(BookedNotice notice, DateTimeOffset at)
    {
        notice.PostedAt = at;
        var task = notice.Task;
        var byReply = task.Status == "cancelled" && _cancelledByParent.Contains(task.Id);
        var byReplyAlone = byReply && task.Reason == "cancelled" && !_cancelledByOthers.Contains(task.Id) && !_cancelledUnder.Contains(task.From.Id)
            && !Above(task).Any(IsToCancel);
        if (notice.Wakes ? task.Wake == "none" || byReplyAlone : task.Wake != "none" && !byReply)
        {
            Break(Rule.Batching, $"{notice.Id} of {task.Id} (wake {task.Wake}, {task.Status}) is to {(notice.Wakes ? "" : "not ")}start a turn");
        }
    }

    private void CheckContent(BookedWake wake, string was, int epoch, DateTimeOffset at)
    {
        if (was != "due" || !wake.IsTimed || wake.Epoch != epoch + 1)
        {
            Break(Rule.Epoch, $"{wake.Id} was claimed as epoch {wake.Epoch}, while it was {was} after epoch {epoch}");
        }

        // What is ripe goes with it, and what starts no turn of its own: in mailbox order.
        var expected = wake.Session.Notices.Where(n => n.IsOwed && (n.Wake is null || n.Wake == wake) && !(n.Wakes && Waits(n.Task)));
        if (!Same(wake.Notices.Select(n => n.Id), expected.Select(n => n.Id)))
        {
            Break(Rule.Batching, $"{wake.Id} brings {string.Join(", ", wake.Notices.Select(n => n.Id))}; what may go out is {string.Join(", ", expected.Select(n => n.Id))}");
        }

        CheckDebounce(wake, at);
        var told = wake.Notices.Where(n => n.Task.Wake == "all").Select(n => (n.Task.Group, n.Task.Round)).ToHashSet();
        var mentions = wake.Session.Delegated.Where(t => t.Failed && told.Contains((t.Group, t.Round)) && !wake.Notices.Exists(n => n.Task == t));
        if (!Same(wake.Mentions, mentions.Select(t => t.Id)))
        {
            Break(Rule.Batching, $"{wake.Id} mentions {string.Join(", ", wake.Mentions)}; earlier failures are {string.Join(", ", mentions.Select(t => t.Id))}");
        }

        var open = wake.Session.Delegated.Where(t => !t.IsSettled).Take(20).Select(t => t.Id);
        if (!Same(wake.StillOpen, open))
        {
            Break(Rule.AsAsked, $"{wake.Id} says that {string.Join(", ", wake.StillOpen)} are open; they are {string.Join(", ", open)}");
        }

        foreach (var notice in wake.Notices.Where(n => !Siblings(n.Task).Any(t => !t.IsSettled)))
        {
            wake.Session.Told.Add((notice.Task.Group, notice.Task.Round));
        }
    }

    /// <summary>It waits for the others of its group.</summary>
    private static bool Waits(BookedTask task) => task is { Failed: false, Wake: "all" } && Siblings(task).Any(t => !t.IsSettled);

    /// <summary>Outcomes that are told one by one wait for one another for a moment, while others are open.</summary>
    private void CheckDebounce(BookedWake wake, DateTimeOffset now)
    {
        var waking = wake.Notices.FindAll(n => n.Wakes);
        var since = waking.Min(n => (DateTimeOffset?)n.PostedAt);
        if (since is { } at && waking.TrueForAll(n => n.Task is { Failed: false, Wake: "each" }) && wake.Session.Delegated.Exists(t => !t.IsSettled)
            && _world.Jumps.Count == 0 && now - at < _world.Options.Rules.Debounce)
        {
            Break(Rule.Batching, $"{wake.Id} goes out {(now - at).TotalMilliseconds:0} ms after the first outcome, and others are open");
        }
    }

    private bool HasJumpedSince(DateTimeOffset at) => _world.Jumps is [.., var newest] && newest.At >= at;

    /// <summary>People are asked to look only after a turn and its nudge, or two runs, have brought nothing; and where it truly cannot be known what became of it.</summary>
    private void CheckDeadLetter(BookedWake wake, string was)
    {
        var (sends, nudges) = (_sends.GetValueOrDefault(wake.Key), _sends.GetValueOrDefault(wake.Key + "n"));
        switch (wake.DeadLetter)
        {
            case "NotConsumed" when nudges == 0 && sends < 2 && !(CanOnlyGuess(wake.Session.Instance) && WasCutOff(wake)):
                Break(Rule.NothingForgotten, $"{wake.Id} is a dead letter after one turn, and was neither nudged nor run again");
                break;
            case "NotConsumed" or "NotBegun" when AnswerBefore(wake, ShownOf(wake.Session)?.At ?? DateTimeOffset.MinValue) is { } answer:
                Break(Rule.NothingForgotten, $"{wake.Id} is a dead letter, and '{answer.Text}' answers it in {wake.Session.Address}");
                break;
            case "NotAdmitted" when sends < 10:
                Break(Rule.NothingForgotten, $"{wake.Id} is a dead letter after {sends} sends");
                break;
            case "Unknown" when !CanOnlyGuess(wake.Session.Instance) || (!_unknown.ContainsKey(wake.Key) && !WasCutOff(wake)):
                Break(Rule.NothingForgotten, $"{wake.Id} is a dead letter because nobody knows whether it arrived, and it was {was} and nothing has come in between");
                break;
        }
    }

    /// <summary>A wake's message is run once more at most while its instance stays up and its node lives; and no more when people are to look.</summary>
    private void CheckRuns(SimHarness harness, SimMessage prompt)
    {
        if (prompt is not { Key: { } key, Late: false } || _books.WakeOf(Base(key)) is not { } wake)
        {
            return;
        }

        var (since, runs) = _runs.GetValueOrDefault(key);
        var isNew = since < _world.AwakeSince || since <= _connected.GetValueOrDefault(harness.Instance);
        _runs[key] = isNew ? (_world.Now, 1) : (since, runs + 1);
        if (_runs[key].Runs > 2)
        {
            Break(Rule.RunOnce, $"{key} is run {_runs[key].Runs} times, and {harness.Instance} was not away");
        }

        if (wake is { Phase: "dead-lettered", DeadLetter: "NotConsumed" } && _world.Now - _sentLast.GetValueOrDefault(key) < _world.Options.Rules.EarlyIdle)
        {
            Break(Rule.NothingForgotten, $"{key} begins in {harness.Instance}, and {wake.Id} is a dead letter");
        }
    }

    /// <summary>Between a claim and what is known of its send something broke: its node died, or its store did not work.</summary>
    private bool WasCutOff(BookedWake wake) => wake.LeasedBy != _world.Newest || wake.Struck != _world.Journal.Faults.Struck;

    private SimMessage? AnswerBefore(BookedWake wake, DateTimeOffset look)
    {
        if (_world.Harnesses[wake.Session.Instance].Find(wake.Session.Address) is not { } session)
        {
            return null;
        }

        var behind = CanOnlyGuess(wake.Session.Instance)
            ? session.Messages.Where(m => m.At >= wake.LeasedAt && _sentLast.TryGetValue(wake.Key, out var sent) && m.At >= sent) // one that was refused was claimed anew
            : session.Messages.SkipWhile(m => m.Key != wake.Key).Concat(session.Messages.Where(m => m.Answers?.Key == wake.Key));
        return behind.FirstOrDefault(m => IsOutput(m) && m.At < look);
    }

    private static Rouse.Core.Address At(BookedSession session) => new(session.Instance, session.Address);
}
