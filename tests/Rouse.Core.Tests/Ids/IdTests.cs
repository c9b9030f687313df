using System.Text.Json;

namespace Rouse.Core.Tests;

public sealed class IdTests
{
    private static readonly CrewId Crew = new("k3f9");

    [Fact]
    public void Ids_are_read_back_from_their_text()
    {
        Assert.Equal("task_k3f9_7", new TaskId(Crew, 7).ToString());
        Assert.Equal(new TaskId(Crew, 7), TaskId.Parse("task_k3f9_7"));
        Assert.Equal(new SessionId(Crew, 999_999_999), SessionId.Parse("session_k3f9_999999999"));
        Assert.Equal(new WakeId(Crew, 1), WakeId.Parse("wake_k3f9_1"));
        Assert.Equal(new NoticeId(Crew, 10), NoticeId.Parse("notice_k3f9_10"));
        Assert.Equal(Crew, CrewId.Parse("crew_k3f9"));
    }

    // SEC-8
    [Theory]
    [InlineData("")]
    [InlineData("task")]
    [InlineData("task_")]
    [InlineData("task_k3f9")]
    [InlineData("task_k3f9_")]
    [InlineData("task__7")]
    [InlineData("task_k3f9_0")]
    [InlineData("task_k3f9_07")]
    [InlineData("task_k3f9_-7")]
    [InlineData("task_k3f9_+7")]
    [InlineData("task_k3f9_ 7")]
    [InlineData("task_k3f9_7 ")]
    [InlineData(" task_k3f9_7")]
    [InlineData("task_k3f9_7_8")]
    [InlineData("task_k3f9_1000000000")]
    [InlineData("task_k3f9_٧")]
    [InlineData("task_K3F9_7")]
    [InlineData("task_k3é9_7")]
    [InlineData("Task_k3f9_7")]
    [InlineData("tasks_k3f9_7")]
    [InlineData("session_k3f9_7")]
    [InlineData("task_../../etc_7")]
    [InlineData("task_k3f9/x_7")]
    [InlineData("task_abcdefghijklmnopqrstuvwxyz0123456_7")]
    public void What_is_no_task_id_is_refused(string text)
    {
        Assert.False(TaskId.TryParse(text, null, out var id));
        Assert.Equal(default, id);
        Assert.Contains(text, Assert.Throws<FormatException>(() => TaskId.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_text_is_no_id()
    {
        Assert.False(TaskId.TryParse(null, null, out _));
        Assert.False(CrewId.TryParse("crew_", null, out _));
        Assert.False(CrewId.TryParse("crew_a_1", null, out _));
        Assert.False(CrewId.TryParse(null, null, out _));
    }

    [Fact]
    public void Whatever_parses_is_written_as_it_was_read()
    {
        const string Signs = "task_sionwk3f90178-/.% é\0\n";
        var random = new Random(17);
        var parsed = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = new[] { "", "task_", "session_", "wake_a_" }[random.Next(4)]
                + string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Signs[random.Next(Signs.Length)]));
            parsed += Check<TaskId>(text) + Check<SessionId>(text) + Check<WakeId>(text) + Check<NoticeId>(text);
            Check<CrewId>(text);
        }

        Assert.True(parsed > 100, $"only {parsed} of the texts were ids: the fuzz reaches nothing");

        static int Check<T>(string text)
            where T : struct, IParsable<T>
        {
            if (!T.TryParse(text, null, out var id))
            {
                return 0;
            }

            Assert.Equal(text, id.ToString());
            return 1;
        }
    }

    [Theory]
    [InlineData("\"session_a_1\"")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{}")]
    public void Json_that_holds_no_id_of_the_kind_is_refused(string json) =>
        Assert.Throws<JsonException>(() => EventCodec.Decode("task.settling", System.Text.Encoding.UTF8.GetBytes($$"""{"task":{{json}}}""")));

    [Fact]
    public void Ids_are_ordered_by_their_number() =>
        Assert.Equal([2, 10, 100], new[] { new TaskId(Crew, 100), new TaskId(Crew, 2), new TaskId(Crew, 10) }.Order().Select(t => t.Number));
}
