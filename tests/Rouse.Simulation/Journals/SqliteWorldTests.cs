namespace Rouse.Simulation;

/// <summary>What is proved on the journal in memory is proved for the real one as far as both behave alike.</summary>
public sealed class SqliteWorldTests
{
    public static TheoryData<string> Stories => [.. CrashStories.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Stories))]
    public void A_story_is_the_same_on_the_journal_in_memory_and_on_SQLite(string name)
    {
        var story = CrashStories.All.Single(s => s.Name == name);
        for (var seed = 1; seed <= 3; seed++)
        {
            using var memory = story.Play(seed: seed);
            using var sqlite = story.Play(journal: time => new SimSqliteJournal(time), seed: seed);
            Assert.Equal(memory.Story.ToString(), sqlite.Story.ToString());
            Assert.Equal(CrashOutcome.Of(memory, countWakes: true), CrashOutcome.Of(sqlite, countWakes: true));
            Assert.Equal(memory.Journal.Events.Select(Told), sqlite.Journal.Events.Select(Told));
        }

        static string Told(Engine.StoredEvent e) => $"{e.Position} {e.Crew} {e.Version} {e.Type} {e.At:O} {System.Text.Encoding.UTF8.GetString(e.Data.Span)}";
    }
}
