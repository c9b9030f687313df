using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Journals;

public abstract partial class JournalSuite
{
    [Theory]
    [InlineData("no event")]
    [InlineData("a version below 0")]
    [InlineData("an empty snapshot")]
    [InlineData("a body by 'nonsense'")]
    [InlineData("a lane with a line break")]
    [InlineData("a row about session_")]
    [InlineData("a row about task_")]
    [InlineData("a row about notice_")]
    [InlineData("a row about wake_")]
    public async Task A_commit_that_breaks_a_rule_is_a_mistake_of_the_caller(string rule)
    {
        var (crew, other) = (Sample.NewCrew(), Sample.NewCrew());
        var sound = Sample.Commit(crew, 0);
        Commit[] breaches = rule switch
        {
            "no event" => [sound with { Events = [] }],
            "a version below 0" => [sound with { ExpectedVersion = -1 }],
            "an empty snapshot" => [sound with { Snapshot = ReadOnlyMemory<byte>.Empty }],
            "a body by 'nonsense'" => [sound with { Bodies = [new Body(new BodyRef("nonsense", 1), "x")] }],
            "a lane with a line break" => [sound with { Owed = [Sample.Owed(1) with { Lanes = ["one\nand another"] }] }],
            "a row about session_" =>
            [
                sound with { Sessions = [Sample.Session(other, 1)] },
                sound with { Tasks = [Sample.Task(crew, 1) with { From = new SessionId(other, 1) }] },
                sound with { Notices = [Sample.Notice(crew, 1) with { Session = new SessionId(other, 1) }] },
                sound with { Wakes = [Sample.Wake(crew, 1) with { Session = new SessionId(other, 1) }] },
            ],
            "a row about task_" =>
            [
                sound with { Tasks = [Sample.Task(other, 1)] },
                sound with { SlotsTaken = [Sample.Slot("lane", other)] },
                sound with { SlotsFreed = [Sample.Slot("lane", other)] },
            ],
            "a row about notice_" => [sound with { Notices = [Sample.Notice(other, 1)] }],
            _ => [sound with { Wakes = [Sample.Wake(other, 1)] }],
        };

        foreach (var breach in breaches)
        {
            var error = await Assert.ThrowsAsync<ArgumentException>(async () => await Journal.CommitAsync(breach, Cancelled));
            Assert.Contains(rule, error.Message, StringComparison.Ordinal);
        }

        Assert.Null(await Journal.LoadAsync(crew, Cancelled));
        await CommittedAsync(sound);
    }
}
