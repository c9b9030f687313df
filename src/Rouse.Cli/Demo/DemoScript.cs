using System.Collections.Immutable;
using System.ComponentModel;
using Microsoft.Extensions.AI;
using Rouse.Harnesses.Chat;
using Rouse.Harnesses.Chat.Scripted;

namespace Rouse.Cli.Demo;

/// <summary>Who takes part in the demo and what they say. No model is asked and nothing leaves the machine.</summary>
internal static class DemoScript
{
    public const string Instance = "chat@demo";
    public const string ParentSession = "parent";
    public const int Children = 3;

    /// <summary>What the person types.</summary>
    public const string Question = "Please review the modules parser, store and network.";

    private const string Lead = "lead";
    private const string Reviewer = "reviewer";
    private const string Model = "scripted";

    // One file takes this long to read. A reviewer that is cut off goes on with the file that it had not read yet.
    private static readonly TimeSpan Reading = TimeSpan.FromSeconds(1.2);

    /// <summary>What each review comes to: it has to be in the wake, and so in the parent's history.</summary>
    public static ImmutableArray<string> Findings { get; } =
    [
        "parser: one unchecked index, in Next()",
        "store: no findings",
        "network: the retry has no upper bound",
    ];

    // The lines before the first ON are for every message but the person's: the wake.
    private static string LeadScript =>
        $$"""
        SAY:All three reviews are in. To mend: the unchecked index in the parser, and the retry without a bound in the network module. The store is fine.
        ON:{{Question}}
        SAY:I hand each module to a reviewer.
        TOOL:delegate_task:{"agent":"{{Reviewer}}","description":"review the parser","group":"reviews","wake":"all","prompt":"Review the module 'parser'."}
        TOOL:delegate_task:{"agent":"{{Reviewer}}","description":"review the store","group":"reviews","wake":"all","prompt":"Review the module 'store'."}
        TOOL:delegate_task:{"agent":"{{Reviewer}}","description":"review the network","group":"reviews","wake":"all","prompt":"Review the module 'network'."}
        NEXT
        SAY:Three reviews are under way. I end my turn here; Rouse wakes me when all of them are settled.
        """;

    private static string ReviewerScript =>
        $"""
        SAY:There is no such module.
        {Review("parser", Findings[0], "Parser.cs")}
        {Review("store", Findings[1], "Store.cs", "Pages.cs", "Log.cs")}
        {Review("network", Findings[2], "Client.cs", "Retry.cs", "Pool.cs", "Dns.cs")}
        """;

    public static ChatHarnessOptions Harness(TimeProvider time) => new()
    {
        Instance = Instance,
        Agents = ImmutableSortedDictionary<string, ChatAgent>.Empty
            .Add(Lead, new ChatAgent { MayDelegate = true })
            .Add(Reviewer, new ChatAgent { Tools = [ReadFile(time)] }),
        DefaultAgent = Lead,
        Models = ImmutableSortedDictionary<string, ChatModel>.Empty.Add(
            Model,
            new ChatModel(new ScriptedChatClient(
                time, agents: new Dictionary<string, string>(StringComparer.Ordinal) { [Lead] = LeadScript, [Reviewer] = ReviewerScript }))),
    };

    private static string Review(string module, string finding, params string[] files) =>
        $"ON:'{module}'\n{string.Join('\n', files.Select(f => $$"""TOOL:read_file:{"name":"{{f}}"}""" + "\nNEXT"))}\nSAY:{finding}";

    private static RepeatableFunction ReadFile(TimeProvider time) => new(AIFunctionFactory.Create(
        async ([Description("The file.")] string name, CancellationToken cancellationToken) =>
        {
            await Task.Delay(Reading, time, cancellationToken);
            return $"// {name}";
        },
        "read_file",
        "Reads a file of the module."));
}
