namespace Rouse.Saboteurs;

/// <summary>What catches a saboteur must let the honest engine pass, or a catch would prove nothing.</summary>
public sealed class ControlTests
{
    private const int Seeds = 30;

    [Fact]
    public void Without_a_saboteur_nothing_is_caught() =>
        Assert.All(Enumerable.Range(1, Seeds), seed => Assert.Null(Hunt.Play(seed)?.Sentence));
}
