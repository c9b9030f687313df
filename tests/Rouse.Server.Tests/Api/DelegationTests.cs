using System.Collections.Immutable;
using System.Net;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Server.Tests;

public sealed class DelegationTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task A_delegation_is_answered_with_202_the_task_and_where_it_is()
    {
        var reply = await host.PostAsync("/v1/delegations", """{"from":"session_k1_1","agent":"reviewer","prompt":"read it"}""");

        Assert.Equal(HttpStatusCode.Accepted, reply.Status);
        Assert.Equal("/v1/tasks/task_k1_3", reply.Headers["Location"]);
        JsonShape.Equal($$"""{"task":{{TaskTests.Task}},"message":"You will be woken; there is no need to wait."}""", reply.Body);
    }

    [Fact]
    public async Task What_is_left_out_has_its_default()
    {
        await host.PostAsync("/v1/delegations", """{"from":"session_k1_1","agent":"bare","prompt":"read it"}""");

        var request = Last("bare");
        Assert.Equal(Given.Root, request.From);
        Assert.Equal(WakePolicy.All, request.Wake);
        Assert.Equal(0, request.Priority);
        Assert.Empty(request.Fallbacks);
        Assert.Empty(request.Tools);
        Assert.Empty(request.Permissions);
        Assert.Null(request.Deadline);
        Assert.Null(request.IdempotencyKey);
    }

    [Fact]
    public async Task Everything_that_is_asked_for_reaches_the_engine()
    {
        await host.PostAsync(
            "/v1/delegations",
            """
            {"from":"session_k1_1","agent":"full","prompt":"read it","description":"read","instance":"chat@main","model":"a/b","variant":"high",
             "fallbacks":["c/d"],"group":"reviews","wake":"each","priority":-100,"limits":{"deadline":"1h30m"},"tools":{"bash":false},
             "permissions":[{"permission":"webfetch","pattern":"*","action":"deny"}],"system":"be brief","directory":"/work"}
            """,
            ("Idempotency-Key", "key~1"));

        var request = Last("full");
        Assert.Equal("read it", request.Prompt);
        Assert.Equal("read", request.Description);
        Assert.Equal("chat@main", request.Instance);
        Assert.Equal("a/b", request.Model);
        Assert.Equal("high", request.Variant);
        Assert.Equal(["c/d"], request.Fallbacks);
        Assert.Equal("reviews", request.Group);
        Assert.Equal(WakePolicy.Each, request.Wake);
        Assert.Equal(-100, request.Priority);
        Assert.Equal(TimeSpan.FromMinutes(90), request.Deadline);
        Assert.Equal(ImmutableSortedDictionary<string, bool>.Empty.Add("bash", value: false), request.Tools);
        Assert.Equal([new PermissionRule("webfetch", "*", "deny")], request.Permissions);
        Assert.Equal("be brief", request.System);
        Assert.Equal("/work", request.Directory);
        Assert.Equal("key~1", request.IdempotencyKey);
    }

    [Fact]
    public async Task A_prompt_of_the_largest_size_is_taken()
    {
        var reply = await host.PostAsync("/v1/delegations", $$"""{"from":"session_k1_1","agent":"long","prompt":"{{new string('p', 512 * 1024)}}"}""");

        Assert.Equal(HttpStatusCode.Accepted, reply.Status);
    }

    private DelegationRequest Last(string agent) => host.Agents.Requests.OfType<DelegationRequest>().Single(r => r.Agent == agent);
}
