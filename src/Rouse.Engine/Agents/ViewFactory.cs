using Rouse.Core;

namespace Rouse.Engine;

/// <summary>Makes what callers see of what the core keeps.</summary>
internal static class ViewFactory
{
    public static SessionView View(Session s) =>
        new(s.Id, s.Id.Crew, s.Address, s.Parent, s.Task, s.Depth, s.Agent, s.Directory, s.RegisteredAt, s.GoneAt);

    public static TaskView View(AgentTask t, int? place) => new(
        t.Id, t.Status, t.Id.Crew, t.Spec.From, t.Spec.Description, t.Spec.Agent, t.Current.Model ?? t.Spec.Model, t.Spec.Instance, t.Spec.Group,
        t.Spec.Wake, t.Spec.Priority, t.Spec.Directory, new LaneView(t.Current.Lanes, place), t.Run,
        [.. t.Attempts.Select(a => new AttemptView(a.Number, a.Model, a.Address, a.Phase, a.Error))],
        t.CreatedAt, t.SettledAt, t.Spec.Deadline,
        t.Outcome is { } o ? new OutcomeView(o.Status, o.Reason, o.Error, o.Usage, o.Partial, o.Truncated) : null);

    public static WakeView View(Wake w, Hold? parked) =>
        new(w.Id, w.Session, w.Phase, w.DueAt, w.Epoch, w.Sends, w.Notices, parked ?? w.Hold, w.DeadLetter, w.Receipt);

    public static NoticeView View(Notice n, WakeView? wake) =>
        new(n.Id, n.Kind, n.State, n.Task, n.Run, n.PostedAt, n.IsOwed, n.Wakes, n.DeadLetter, wake);
}
