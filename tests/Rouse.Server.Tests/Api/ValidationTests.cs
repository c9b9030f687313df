using System.Net;

namespace Rouse.Server.Tests;

public sealed class ValidationTests(ApiHost host) : IClassFixture<ApiHost>
{
    public static TheoryData<string, string> Delegations => BadRequests.Delegations;

    public static TheoryData<string, string> Sessions => BadRequests.Sessions;

    public static TheoryData<string, string> Acknowledgements => BadRequests.Acknowledgements;

    public static TheoryData<string, string> Queries => BadRequests.Queries;

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Delegations))]
    public Task A_wrong_delegation_is_refused_with_the_path_of_what_is_wrong(string json, string path) => IsRefused("/v1/delegations", json, path);

    [Theory]
    [MemberData(nameof(Sessions))]
    public Task A_wrong_registration_is_refused_with_the_path_of_what_is_wrong(string json, string path) => IsRefused("/v1/sessions", json, path);

    [Theory]
    [MemberData(nameof(Acknowledgements))]
    public Task A_wrong_acknowledgement_is_refused_with_the_path_of_what_is_wrong(string json, string path) =>
        IsRefused("/v1/sessions/session_k1_1/acknowledgements", json, path);

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_wrong_parameter_or_id_is_refused_by_name(string url, string path)
    {
        var problem = (await host.GetAsync(url)).MustBe(HttpStatusCode.BadRequest, "urn:rouse:invalid");

        Assert.Equal(path, problem.GetProperty("path").GetString());
    }

    [Theory]
    [InlineData("{\"by\":5}", "by")]
    [InlineData("{\"reason\":\"x\"}", "reason")]
    [InlineData("[]", "$")]
    public async Task A_wrong_cancellation_is_refused(string json, string path)
    {
        await IsRefused("/v1/tasks/task_k1_3/cancel", json, path);
        await IsRefused("/v1/sessions/session_k1_1/cancel", json, path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("tab\tin")]
    [InlineData("k\u00e9y")]
    public async Task A_wrong_idempotency_key_is_refused(string key)
    {
        var reply = await host.PostAsync("/v1/delegations", "{}", ("Idempotency-Key", key));

        Assert.Equal("Idempotency-Key", reply.MustBe(HttpStatusCode.BadRequest, "urn:rouse:invalid").GetProperty("path").GetString());
    }

    [Fact]
    public async Task An_idempotency_key_that_is_too_long_or_given_twice_is_refused()
    {
        var tooLong = await host.PostAsync("/v1/delegations", "{}", ("Idempotency-Key", new string('k', 256)));
        var twice = await host.PostAsync("/v1/delegations", "{}", ("Idempotency-Key", "one"), ("Idempotency-Key", "two"));

        Assert.Equal("Idempotency-Key", tooLong.MustBe(HttpStatusCode.BadRequest, "urn:rouse:invalid").GetProperty("path").GetString());
        Assert.Equal("Idempotency-Key", twice.MustBe(HttpStatusCode.BadRequest, "urn:rouse:invalid").GetProperty("path").GetString());
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        var reply = await host.PostAsync("/v1/delegations", """{"from":7,"agent":"","priority":1000,"colour":"red","permissions":[{"action":"x"}]}""");

        var paths = reply.MustBe(HttpStatusCode.BadRequest, "urn:rouse:invalid").GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("path").GetString());
        Assert.Equal(
            ["from", "agent", "prompt", "priority", "permissions[0].permission", "permissions[0].pattern", "permissions[0].action", "colour"], paths);
        Assert.DoesNotContain(host.Agents.Requests, r => r is Engine.DelegationRequest);
    }

    private async Task IsRefused(string url, string json, string path)
    {
        var problem = (await host.PostAsync(url, json)).MustBe(HttpStatusCode.BadRequest, "urn:rouse:invalid");

        Assert.Equal(path, problem.GetProperty("path").GetString());
        Assert.Equal(path, Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("path").GetString());
        Assert.DoesNotContain(host.Agents.Requests, r => r is Engine.DelegationRequest or Engine.SessionRequest);
    }
}
