using Rouse.Core;

namespace Rouse.Engine;

/// <summary>What every commit keeps to, whatever store it goes to. A breach is a mistake of the program and never a state of the world.</summary>
public static class CommitRules
{
    /// <summary>Every store asks this before it looks at anything of its own.</summary>
    /// <exception cref="ArgumentException">The commit breaks a rule; the message names it.</exception>
    public static void Check(Commit commit)
    {
        Require(commit.Events.Count > 0, commit, "has no event");
        Require(commit.ExpectedVersion >= 0, commit, "expects a version below 0");
        Require(commit.Snapshot is not { IsEmpty: true }, commit, "has an empty snapshot (a null array turns into one)");
        foreach (var body in commit.Bodies)
        {
            if (!IsHash(body.Ref.Hash))
            {
                throw Breach(commit, $"refers to a body by '{body.Ref.Hash}', which is no SHA-256 in hexadecimal");
            }
        }

        foreach (var session in commit.Sessions)
        {
            Own(session.Id.Crew, commit, session.Id);
        }

        foreach (var task in commit.Tasks)
        {
            Own(task.Id.Crew, commit, task.Id);
            Own(task.From.Crew, commit, task.From);
        }

        foreach (var notice in commit.Notices)
        {
            Own(notice.Id.Crew, commit, notice.Id);
            Own(notice.Session.Crew, commit, notice.Session);
        }

        foreach (var wake in commit.Wakes)
        {
            Own(wake.Id.Crew, commit, wake.Id);
            Own(wake.Session.Crew, commit, wake.Session);
        }

        foreach (var owed in commit.Owed)
        {
            foreach (var lane in owed.Lanes)
            {
                if (lane.Contains('\n', StringComparison.Ordinal))
                {
                    throw Breach(commit, $"names a lane with a line break, '{lane}'");
                }
            }
        }

        foreach (var slot in commit.SlotsTaken)
        {
            Own(slot.Task.Crew, commit, slot.Task);
        }

        foreach (var slot in commit.SlotsFreed)
        {
            Own(slot.Task.Crew, commit, slot.Task);
        }
    }

    private static bool IsHash(string text)
    {
        Span<byte> bytes = stackalloc byte[BodyRef.HashLength];
        return BodyRef.TryParseHash(text, bytes);
    }

    private static void Own<T>(CrewId crew, Commit commit, T id)
        where T : struct
    {
        if (crew != commit.Crew)
        {
            throw Breach(commit, $"writes a row about {id}, which is of another crew");
        }
    }

    private static void Require(bool holds, Commit commit, string breach)
    {
        if (!holds)
        {
            throw Breach(commit, breach);
        }
    }

    private static ArgumentException Breach(Commit commit, string breach) => new($"A commit of {commit.Crew} {breach}.", nameof(commit));
}
