using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>What every commit keeps to. A breach is a mistake of the program and never a state of the world.</summary>
internal static class CommitRules
{
    /// <exception cref="ArgumentException">The commit breaks a rule; the message names it.</exception>
    public static void Check(Commit commit)
    {
        Require(commit.Events.Count > 0, commit, "has no event");
        Require(commit.ExpectedVersion >= 0, commit, "expects a version below 0");
        Require(commit.Snapshot is not { IsEmpty: true }, commit, "has an empty snapshot (a null array turns into one)");
        foreach (var body in commit.Bodies)
        {
            Require(BodyHash.IsValid(body.Ref.Hash), commit, $"refers to a body by '{body.Ref.Hash}', which is no SHA-256 in hexadecimal");
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

        foreach (var lane in commit.Owed.SelectMany(owed => owed.Lanes))
        {
            Require(!lane.Contains(LaneList.Separator, StringComparison.Ordinal), commit, $"names a lane with a line break, '{lane}'");
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

    private static void Own<T>(CrewId crew, Commit commit, T id)
        where T : struct
    {
        if (crew != commit.Crew)
        {
            Require(holds: false, commit, $"writes a row about {id}, which is of another crew");
        }
    }

    private static void Require(bool holds, Commit commit, string breach)
    {
        if (!holds)
        {
            throw new ArgumentException($"A commit of {commit.Crew} {breach}.", nameof(commit));
        }
    }
}
