using System.Net;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Server.Tests;

public sealed class SessionTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Session =
        """
        {"id":"session_k1_1","crew":"crew_k1","address":{"instance":"chat@main","id":"ses_root"},"parent":null,"task":null,"depth":0,"agent":"lead",
        "directory":"/work","registeredAt":"2026-01-02T03:04:05.678Z","goneAt":null}
        """;

    private const string Wake =
        """
        {"id":"wake_k1_5","session":"session_k1_1","phase":"due","dueAt":"2026-01-02T03:04:05.678Z","epoch":1,"sends":0,"notices":["notice_k1_4"],
        "hold":{"reason":"working","since":"2026-01-02T03:04:05.678Z"},"deadLetter":null,
        "receipt":[{"step":"due","at":"2026-01-02T03:04:05.678Z","detail":null}]}
        """;

    [Fact]
    public async Task A_new_session_is_answered_with_201_and_where_it_is()
    {
        var reply = await host.PostAsync(
            "/v1/sessions", """{"address":{"instance":"chat@main","id":"ses_root"},"parent":"session_k1_9","agent":"lead","directory":"/work"}""");

        Assert.Equal(HttpStatusCode.Created, reply.Status);
        Assert.Equal("/v1/sessions/session_k1_1", reply.Headers["Location"]);
        JsonShape.Equal(Session, reply.Body);
        var request = Assert.IsType<SessionRequest>(host.Agents.Requests.Last());
        Assert.Equal(
            new SessionRequest { Address = Given.RootAddress, Parent = new SessionId(Given.Crew, 9), Agent = "lead", Directory = "/work" }, request);
    }

    [Fact]
    public async Task A_known_session_is_answered_with_200()
    {
        host.Agents.Created = false;

        var reply = await host.PostAsync("/v1/sessions", """{"address":{"instance":"chat@main","id":"ses_root"}}""");

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        JsonShape.Equal(Session, reply.Body);
        host.Agents.Created = true;
    }

    [Fact]
    public async Task Sessions_are_listed_in_pages()
    {
        var reply = await host.GetAsync("/v1/sessions?after=x&limit=7");

        JsonShape.Equal($$"""{"items":[{{Session}}],"next":"further"}""", reply.Body);
        Assert.Contains(((string?)"x", 7), host.Agents.Requests.OfType<(string?, int)>());
    }

    [Fact]
    public async Task A_session_is_found_by_its_address()
    {
        JsonShape.Equal($$"""{"items":[{{Session}}],"next":null}""", (await host.GetAsync("/v1/sessions?instance=chat@main&id=ses_root")).Body);
        JsonShape.Equal("""{"items":[],"next":null}""", (await host.GetAsync("/v1/sessions?instance=chat@main&id=other")).Body);
    }

    [Fact]
    public async Task A_session_is_found_by_its_id() => JsonShape.Equal(Session, (await host.GetAsync("/v1/sessions/session_k1_1")).Body);

    [Fact]
    public async Task A_mailbox_shows_each_notice_with_its_receipt()
    {
        var reply = await host.GetAsync("/v1/sessions/session_k1_1/mailbox");

        JsonShape.Equal(
            $$"""
            {"items":[{"id":"notice_k1_4","kind":"settled","state":"waiting","task":"task_k1_3","run":1,"postedAt":"2026-01-02T03:04:05.678Z","owed":true,
            "wakes":true,"deadLetter":null,"wake":{{Wake}}}],"next":null}
            """, reply.Body);
    }

    [Fact]
    public async Task A_wake_shows_its_receipt_and_dead_letters_are_listed()
    {
        JsonShape.Equal(Wake, (await host.GetAsync("/v1/wakes/wake_k1_5")).Body);
        JsonShape.Equal($$"""{"items":[{{Wake}}],"next":null}""", (await host.GetAsync("/v1/dead-letters")).Body);
    }

    [Fact]
    public async Task A_session_explains_itself() => JsonShape.Equal(
        """{"state":"It waits for its lane.","reasons":["lane 'default' is full"],"since":"2026-01-02T03:04:05.678Z","tries":2,"nextLook":null}""",
        (await host.GetAsync("/v1/sessions/session_k1_1/explain")).Body);

    [Fact]
    public async Task All_under_a_session_is_cancelled_and_each_task_told_with_its_former_status()
    {
        var reply = await host.PostAsync("/v1/sessions/session_k1_1/cancel", """{"by":"session_k1_1"}""");

        JsonShape.Equal("""{"items":[{"id":"task_k1_3","before":"running","status":"cancelled"}],"next":null}""", reply.Body);
        Assert.Contains((Given.Root, (SessionId?)Given.Root), host.Agents.Requests.OfType<(SessionId, SessionId?)>());
    }

    [Fact]
    public async Task Acknowledging_is_answered_with_204()
    {
        var reply = await host.PostAsync("/v1/sessions/session_k1_1/acknowledgements", """{"notices":["notice_k1_4"]}""");

        Assert.Equal(HttpStatusCode.NoContent, reply.Status);
        var (session, notices) = host.Agents.Requests.OfType<(SessionId, IReadOnlyList<NoticeId>)>().Last();
        Assert.Equal(Given.Root, session);
        Assert.Equal([Given.Notice], notices);
    }

    [Theory]
    [InlineData("/v1/sessions/session_k1_9")]
    [InlineData("/v1/sessions/session_k1_9/mailbox")]
    [InlineData("/v1/sessions/session_k1_9/explain")]
    [InlineData("/v1/wakes/wake_k1_9")]
    public async Task What_is_not_known_is_not_found(string url) => (await host.GetAsync(url)).MustBe(HttpStatusCode.NotFound, "urn:rouse:not-found");
}
