using Rouse.Engine;

namespace Rouse.Server;

/// <param name="Status">Always <c>alive</c>.</param>
internal sealed record AliveReply(string Status);

/// <param name="Status"><c>ready</c>, or <c>not-ready</c> with the reason at the journal, or <c>stopping</c>.</param>
internal sealed record HealthReply(string Status, JournalHealth Journal, IReadOnlyList<InstanceHealth> Instances);

/// <param name="Reason">Why it cannot be used; null when it can.</param>
internal sealed record JournalHealth(bool Up, string? Reason);

/// <param name="Up">Whether it can be reached; work for an instance that cannot be waits for it.</param>
internal sealed record InstanceHealth(string Name, bool Up, string? Reason, DateTimeOffset? Since, GradeHealth Grade)
{
    public static InstanceHealth Of(InstanceView instance) =>
        new(instance.Name, instance.Up, instance.Reason, instance.Since, GradeHealth.Of(instance.Grade));
}

/// <param name="Delivery"><c>exactly-once</c>, <c>at-least-once</c> or <c>at-most-once</c>.</param>
internal sealed record GradeHealth(string Delivery, string Reason, string Route, bool AccountsUsage, bool CanWake)
{
    public static GradeHealth Of(HarnessGrade grade)
    {
        var delivery = grade.Delivery switch
        {
            DeliveryGrade.ExactlyOnce => "exactly-once",
            DeliveryGrade.AtLeastOnce => "at-least-once",
            DeliveryGrade.AtMostOnce => "at-most-once",
            _ => throw new InvalidOperationException($"The grade {grade.Delivery} has no name."),
        };
        return new GradeHealth(delivery, grade.Reason, grade.Route, grade.AccountsUsage, grade.CanWake);
    }
}
