using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;
using Rouse.Core;

namespace Rouse.Harnesses.Chat;

/// <summary>One entry of a conversation, as it is stored and as hosts see it. Entries never change.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Said), "said")]
[JsonDerivedType(typeof(Answered), "answered")]
[JsonDerivedType(typeof(Returned), "returned")]
public abstract record ChatEntry
{
    private ChatEntry()
    {
    }

    /// <summary>When it began.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Somebody other than the agent spoke. It opens a turn.</summary>
    public sealed record Said : ChatEntry
    {
        /// <summary>A person, or Rouse; an agent never says, it answers.</summary>
        public required MessageOrigin Origin { get; init; }

        public required string Text { get; init; }

        /// <summary>The agent to run with from here on; null leaves it as it was.</summary>
        public string? Agent { get; init; }

        /// <summary>The model to run with from here on; null leaves it as it was.</summary>
        public string? Model { get; init; }

        /// <summary>The system text from here on; null leaves it as it was.</summary>
        public string? System { get; init; }

        /// <summary>Tools allowed and denied from here on, on top of the session's own.</summary>
        public ImmutableSortedDictionary<string, bool> Tools { get; init; } = ImmutableSortedDictionary<string, bool>.Empty;
    }

    /// <summary>The model answered, or its turn was ended otherwise.</summary>
    public sealed record Answered : ChatEntry
    {
        public required string Agent { get; init; }

        public string? Model { get; init; }

        /// <summary>What the model wrote, its tool calls included; empty where it came to nothing.</summary>
        public IReadOnlyList<ChatMessage> Messages { get; init; } = [];

        /// <summary>Whether the turn is over with it. An answer that calls tools does not end the turn.</summary>
        public required bool EndsTurn { get; init; }

        /// <summary>It ended at the model's length limit or at the limit of tool steps.</summary>
        public bool Truncated { get; init; }

        public TaskError? Error { get; init; }

        public Usage? Usage { get; init; }

        [JsonIgnore]
        public string Text => string.Concat(Messages.Select(m => m.Text));

        /// <summary>The calls that the harness runs; calls that the provider ran itself are not among them.</summary>
        [JsonIgnore]
        public IEnumerable<FunctionCallContent> Calls => Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().Where(c => !c.InformationalOnly);
    }

    /// <summary>A tool call came to an end.</summary>
    public sealed record Returned : ChatEntry
    {
        /// <summary>The number of the answer that called it.</summary>
        public required int Answer { get; init; }

        public required string CallId { get; init; }

        public required string Tool { get; init; }

        /// <summary>What the model is told.</summary>
        public required string Text { get; init; }

        public bool Failed { get; init; }
    }

    /// <summary>An entry that this version cannot read, such as one of a newer version. It is kept, and nothing follows from it.</summary>
    public sealed record Foreign : ChatEntry;
}

/// <summary>An entry in its place.</summary>
/// <param name="Number">From 1, without gap.</param>
/// <param name="Key">What it is found by; for a prompt of Rouse's the key that it was delivered with.</param>
public sealed record ChatLine(Address Session, int Number, string? Key, ChatEntry Entry);
