using System.Collections.Immutable;
using Microsoft.Extensions.AI;
using Rouse.Core;

namespace Rouse.Harnesses.Chat.Conversations;

/// <summary>A session's history at one moment, and what follows from it. All that a turn needs after a crash is read from here.</summary>
internal sealed class Conversation(Address session, ChatHead head, IReadOnlyList<ChatLine> lines)
{
    public Address Session { get; } = session;

    public ChatHead Head { get; } = head;

    public IReadOnlyList<ChatLine> Lines { get; } = lines;

    /// <summary>The number of the last line; 0 before the first.</summary>
    public int Length => Lines.Count == 0 ? 0 : Lines[^1].Number;

    /// <summary>A turn was begun and has not ended: somebody spoke and the agent has more to do.</summary>
    public bool IsOpen => Lines.LastOrDefault(l => l.Entry is not ChatEntry.Foreign) is { Entry: not ChatEntry.Answered { EndsTurn: true } };

    public string Agent => Newest(s => s.Agent) ?? Head.Agent;

    /// <summary>The model that was asked for; null where the agent's own is meant.</summary>
    public string? Model => Newest(s => s.Model) ?? Head.Model;

    public string? System => Newest(s => s.System) ?? Head.System;

    /// <summary>The switches for tools that came with the newest prompt that had any.</summary>
    public ImmutableSortedDictionary<string, bool> Tools =>
        Lines.Reverse().Select(l => l.Entry).OfType<ChatEntry.Said>().FirstOrDefault(s => !s.Tools.IsEmpty)?.Tools
        ?? ImmutableSortedDictionary<string, bool>.Empty;

    public ChatLine? Find(string key) => Lines.FirstOrDefault(l => string.Equals(l.Key, key, StringComparison.Ordinal));

    /// <summary>The calls of the open turn that have no result yet, with the number of the answer that made them.</summary>
    public IReadOnlyList<(int Answer, FunctionCallContent Call)> OpenCalls()
    {
        var newest = IsOpen ? Lines.LastOrDefault(l => l.Entry is ChatEntry.Answered or ChatEntry.Said) : null;
        if (newest is not { Entry: ChatEntry.Answered answered })
        {
            return [];
        }

        var results = Results(newest.Number);
        return [.. answered.Calls.Where(c => !results.ContainsKey(c.CallId)).Select(c => (newest.Number, c))];
    }

    /// <summary>How often the agent has called tools since somebody last spoke.</summary>
    public int ToolSteps() =>
        Lines.Reverse().TakeWhile(l => l.Entry is not ChatEntry.Said).Count(l => l.Entry is ChatEntry.Answered { EndsTurn: false });

    /// <summary>The results of one answer's calls by call id.</summary>
    public IReadOnlyDictionary<string, ChatEntry.Returned> Results(int answer) =>
        Lines.SkipWhile(l => l.Number <= answer).TakeWhile(l => l.Entry is ChatEntry.Returned or ChatEntry.Foreign)
            .Select(l => l.Entry).OfType<ChatEntry.Returned>().Where(r => r.Answer == answer)
            .DistinctBy(r => r.CallId, StringComparer.Ordinal).ToDictionary(r => r.CallId, StringComparer.Ordinal);

    public Conversation With(ChatLine line) => new(Session, Head, [.. Lines, line]);

    private string? Newest(Func<ChatEntry.Said, string?> what) =>
        Lines.Reverse().Select(l => l.Entry).OfType<ChatEntry.Said>().Select(what).FirstOrDefault(v => v is not null);
}
