namespace Rouse.Core.Tests;

/// <summary>What a harness may show of a session.</summary>
internal static class Look
{
    public static Inspection Idle(DateTimeOffset at, params ReadOnlySpan<SeenMessage> messages) =>
        new() { At = at, Activity = Activity.Idle, Messages = [.. messages] };

    public static Inspection Working(DateTimeOffset at, params ReadOnlySpan<SeenMessage> messages) =>
        new() { At = at, Activity = Activity.Working, Messages = [.. messages] };

    /// <summary>A message of Rouse's.</summary>
    public static SeenMessage Sent(string key, DateTimeOffset at) => new() { Id = key, Origin = MessageOrigin.Rouse, Key = key, At = at };

    public static SeenMessage Asked(DateTimeOffset at) => new() { Id = "person", Origin = MessageOrigin.Person, At = at, Text = "and this?" };

    public static SeenMessage Said(string text, DateTimeOffset at) => new() { Id = "answer", Origin = MessageOrigin.Agent, At = at, Text = text };

    public static SeenMessage Broke(TaskError error, DateTimeOffset at) => Said("", at) with { Error = error };

    /// <summary>A message that has no end.</summary>
    public static SeenMessage Began(string text, DateTimeOffset at) => Said(text, at) with { Ended = false };

    public static SeenMessage CalledTools(string text, DateTimeOffset at) => Said(text, at) with { CallsTools = true, RanTools = true };
}
