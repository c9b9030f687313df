using System.Net;

namespace Rouse.Server.Tests;

public sealed class HealthTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Alive_answers() => JsonShape.Equal("""{"status":"alive"}""", (await host.GetAsync("/alive")).Body);

    [Fact]
    public async Task Health_tells_of_the_journal_and_of_every_instance_and_an_instance_that_is_down_is_no_reason_not_to_be_ready()
    {
        var reply = await host.GetAsync("/health");

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        JsonShape.Equal(
            """
            {"status":"ready","journal":{"up":true,"reason":null},"instances":[{"name":"chat@main","up":false,"reason":"starting",
            "since":"2026-01-02T03:04:05.678Z",
            "grade":{"delivery":"exactly-once","reason":"keys","route":"in-process","accountsUsage":true,"canWake":true}}]}
            """, reply.Body);
    }
}
