using System.Text;
using System.Text.Json;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.OpenCode.Events;

namespace Rouse.Conformance.Harnesses.OpenCode;

/// <summary>OpenCode's events as signals.</summary>
public sealed class SignalTranslationTests
{
    [Theory]
    [InlineData("""{"type":"message.part.delta","properties":{"sessionID":"ses_1","field":"text","delta":"x"}}""")]
    [InlineData("""{"type":"message.part.updated","properties":{"part":{"id":"prt_1","sessionID":"ses_1","type":"tool"}}}""")]
    [InlineData("""{"type":"message.updated","properties":{"info":{"id":"msg_1","role":"assistant","sessionID":"ses_1","time":{"created":1}}}}""")]
    [InlineData("""{"type":"todo.updated","properties":{"sessionID":"ses_1","todos":[]}}""")]
    public void What_moves_is_progress(string json) => Assert.Equal(new HarnessSignal.Progress("ses_1"), Translate(json));

    [Theory]
    [InlineData("""{"type":"session.status","properties":{"sessionID":"ses_1","status":{"type":"idle"}}}""")]
    [InlineData("""{"type":"session.status","properties":{"sessionID":"ses_1","status":{"type":"retry","attempt":1,"message":"x","next":1}}}""")]
    [InlineData("""{"type":"session.status","properties":{"sessionID":"ses_1","status":{"type":"new-kind"}}}""")]
    [InlineData("""{"type":"message.updated","properties":{"info":{"id":"msg_1","role":"assistant","sessionID":"ses_1","time":{"created":1,"completed":2}}}}""")]
    [InlineData("""{"type":"message.updated","properties":{"info":{"id":"msg_1","role":"assistant","sessionID":"ses_1","error":{"name":"APIError"}}}}""")]
    [InlineData("""{"type":"message.updated","properties":{"info":{"id":"msg_1","role":"user","sessionID":"ses_1"}}}""")]
    [InlineData("""{"type":"question.asked","properties":{"id":"que_1","sessionID":"ses_1"}}""")]
    [InlineData("""{"type":"question.rejected","properties":{"sessionID":"ses_1"}}""")]
    [InlineData("""{"type":"permission.asked","properties":{"sessionID":"ses_1"}}""")]
    [InlineData("""{"type":"permission.replied","properties":{"sessionID":"ses_1"}}""")]
    [InlineData("""{"directory":"/x","payload":{"type":"session.compacted","properties":{"sessionID":"ses_1"}}}""")]
    public void What_is_worth_a_look_is_a_change(string json) => Assert.Equal(new HarnessSignal.Changed("ses_1"), Translate(json));

    [Theory]
    [InlineData("""{"type":"server.heartbeat","properties":{}}""")]
    [InlineData("""{"type":"plugin.added","properties":{"id":"x"}}""")]
    [InlineData("""{"type":"session.status","properties":{"sessionID":"ses_1","status":{"type":"busy"}}}""")]
    [InlineData("""{"type":"session.idle","properties":{"sessionID":"ses_1"}}""")]
    [InlineData("""{"type":"session.error","properties":{}}""")]
    [InlineData("""{"type":"session.error","properties":{"sessionID":"ses_1"}}""")]
    [InlineData("""{"type":"message.updated","properties":{}}""")]
    [InlineData("""{"type":"message.part.updated","properties":"?"}""")]
    [InlineData("""{"payload":{"type":"sync","seq":4,"aggregateID":"ses_1"}}""")]
    [InlineData("""{"type":"something.of.tomorrow","properties":{"sessionID":"ses_1"}}""")]
    [InlineData("""{"type":7}""")]
    [InlineData("""[1,2]""")]
    [InlineData("null")]
    public void The_rest_is_no_signal(string json) => Assert.Null(Translate(json));

    [Theory]
    [InlineData("""{"type":"message.updated","properties":{"info":{"id":"msg_rouse_wake_1","role":"user","sessionID":"ses_1"}}}""")]
    [InlineData("""{"type":"message.part.updated","properties":{"part":{"id":"prt_rouse_wake_1","sessionID":"ses_1","type":"text"}}}""")]
    public void The_echo_of_Rouse_s_own_prompt_is_no_signal(string json) => Assert.Null(Translate(json));

    [Fact]
    public void A_greeting_and_a_reload_say_that_signals_may_have_been_missed()
    {
        Assert.IsType<HarnessSignal.Connected>(Translate("""{"payload":{"type":"server.connected","properties":{}}}"""));
        Assert.IsType<HarnessSignal.Connected>(Translate("""{"payload":{"type":"server.instance.disposed","properties":{"directory":"/x"}}}"""));
    }

    [Fact]
    public void An_error_is_classed()
    {
        var failed = Assert.IsType<HarnessSignal.Failed>(Translate(
            """{"type":"session.error","properties":{"sessionID":"ses_1","error":{"name":"UnknownError","data":{"message":"Agent not found: \"nope\". Available agents: build"}}}}"""));

        Assert.Equal(("ses_1", FailureClass.Request, "unknown-agent"), (failed.SessionId, failed.Error.Class, failed.Error.Reason));
    }

    [Theory]
    [InlineData("""{"name":"APIError","data":{"message":"x","statusCode":"429","isRetryable":"yes"}}""")]
    [InlineData("""{"name":7,"data":[]}""")]
    [InlineData("""{}""")]
    public void An_error_of_an_unknown_shape_is_still_told(string error) =>
        Assert.IsType<HarnessSignal.Failed>(Translate($$$"""{"type":"session.error","properties":{"sessionID":"ses_1","error":{{{error}}}}}"""));

    [Theory]
    [InlineData("""{"type":"session.deleted","properties":{"sessionID":"ses_1"}}""")]
    [InlineData("""{"type":"session.deleted","properties":{"info":{"id":"ses_1"}}}""")]
    public void A_deletion_is_told(string json) => Assert.Equal(new HarnessSignal.Deleted("ses_1"), Translate(json));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("\0\0")]
    [InlineData("{\"type\":\"session.status\",\"properties\":{\"sessionID\":\"ses_1\"")]
    public void What_is_no_JSON_is_said_to_be_none(string data) => Assert.ThrowsAny<JsonException>(() => Translate(data));

    private static HarnessSignal? Translate(string json) => SignalTranslation.Translate(Encoding.UTF8.GetBytes(json));
}
