using Rouse.Core;
using Rouse.Harnesses.OpenCode.Prompts;
using Rouse.Harnesses.OpenCode.Sessions;
using Rouse.Harnesses.OpenCode.Wire;

namespace Rouse.Conformance.Harnesses.OpenCode;

/// <summary>What a session may do.</summary>
public sealed class SessionRulesTests
{
    private static readonly WireRule NoQuestion = new("question", "*", "deny");

    [Fact]
    public void Denials_come_last_because_the_last_match_counts()
    {
        var rules = SessionRules.Of(
            [new PermissionRule("webfetch", "*", "allow")],
            new Dictionary<string, bool>(StringComparer.Ordinal) { ["webfetch"] = false, ["bash"] = true });

        Assert.Equal([new WireRule("webfetch", "*", "allow"), new WireRule("webfetch", "*", "deny"), NoQuestion], rules);
    }

    [Fact]
    public void All_tools_that_change_files_are_one_permission() =>
        Assert.Equal(
            [new WireRule("edit", "*", "deny"), NoQuestion],
            SessionRules.Of([], new Dictionary<string, bool>(StringComparer.Ordinal) { ["write"] = false, ["patch"] = false, ["edit"] = false }));

    [Theory]
    [InlineData("allow", false)]
    [InlineData("ask", false)]
    [InlineData("deny", true)]
    public void Questions_are_denied_unless_they_are_allowed_in_so_many_words(string action, bool isDenied) =>
        Assert.Equal(
            isDenied ? 2 : 1,
            SessionRules.Of([new PermissionRule("question", "*", action)], new Dictionary<string, bool>(StringComparer.Ordinal)).Length);

    [Fact]
    public void Only_denials_that_are_not_there_yet_are_missing()
    {
        var tools = new Dictionary<string, bool>(StringComparer.Ordinal) { ["webfetch"] = false, ["bash"] = false };

        Assert.Equal(2, SessionRules.Missing(null, tools).Length);
        Assert.Equal(new WireRule("bash", "*", "deny"), Assert.Single(SessionRules.Missing([new WireRule("webfetch", "*", "deny")], tools)));
        Assert.Equal(2, SessionRules.Missing([new WireRule("webfetch", "*", "deny"), new WireRule("webfetch", "*", "allow")], tools).Length);
    }

    [Theory]
    [InlineData("fake/fake-1", "fake", "fake-1")]
    [InlineData("router/vendor/model", "router", "vendor/model")]
    public void A_model_s_name_may_hold_slashes(string text, string provider, string model) =>
        Assert.Equal(new ModelName(provider, model), ModelName.Parse(text));

    [Theory]
    [InlineData("model")]
    [InlineData("/model")]
    [InlineData("provider/")]
    public void A_model_without_a_provider_is_none(string text) => Assert.Null(ModelName.Parse(text));
}
