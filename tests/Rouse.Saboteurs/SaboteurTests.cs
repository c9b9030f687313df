namespace Rouse.Saboteurs;

/// <summary>Every saboteur is caught within its budget of seeds. The output of each test is its row of the table in docs/reliability.md.</summary>
public abstract class SaboteurTests(Type list, ITestOutputHelper output)
{
    protected void Caught(string saboteur)
    {
        var caught = Hunt.For(saboteur, list);
        Assert.True(caught is not null, $"{saboteur} lived through {Hunt.MostSeeds} seeds, and nothing was noticed.");
        output.WriteLine($"| {saboteur} | {caught.Seed} | {caught.Sentence} |");
    }
}
