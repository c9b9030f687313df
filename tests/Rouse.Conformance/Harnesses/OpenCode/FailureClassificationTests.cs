using Rouse.Core;
using Rouse.Harnesses.OpenCode.Failures;
using Rouse.Harnesses.OpenCode.Wire;
using Rouse.Harnesses.Secrets;

namespace Rouse.Conformance.Harnesses.OpenCode;

/// <summary>What an error says about another try.</summary>
public sealed class FailureClassificationTests
{
    [Theory]
    [InlineData(429, "too many", FailureClass.Passing, "rate-limited")]
    [InlineData(429, "You exceeded your current quota, please check your plan", FailureClass.Provider, "quota")]
    [InlineData(500, "oops", FailureClass.Passing, "unavailable")]
    [InlineData(503, "", FailureClass.Passing, "unavailable")]
    [InlineData(529, "Overloaded", FailureClass.Passing, "overloaded")]
    [InlineData(408, "slow", FailureClass.Passing, "timeout")]
    [InlineData(401, "no", FailureClass.Provider, "bad-key")]
    [InlineData(402, "no", FailureClass.Provider, "quota")]
    [InlineData(403, "no", FailureClass.Provider, "forbidden")]
    [InlineData(404, "no", FailureClass.Provider, "unknown-model")]
    [InlineData(400, "no", FailureClass.Request, "invalid-request")]
    [InlineData(400, "prompt is too long: 300000 tokens", FailureClass.Request, "context-overflow")]
    [InlineData(400, "Your credit balance is too low", FailureClass.Provider, "quota")]
    [InlineData(413, "no", FailureClass.Request, "context-overflow")]
    [InlineData(422, "no", FailureClass.Request, "invalid-request")]
    public void A_provider_s_status_decides(int status, string message, FailureClass expected, string reason)
    {
        var error = Classify("APIError", message, status);

        Assert.Equal((expected, reason), (error.Class, error.Reason));
        Assert.NotEmpty(error.Message);
    }

    [Theory]
    [InlineData("MessageAbortedError", "Aborted", FailureClass.Aborted, "aborted")]
    [InlineData("ContextOverflowError", "", FailureClass.Request, "context-overflow")]
    [InlineData("ProviderAuthError", "", FailureClass.Provider, "bad-key")]
    [InlineData("ContentFilterError", "", FailureClass.Request, "content-filter")]
    [InlineData("MessageOutputLengthError", "", FailureClass.Request, "output-length")]
    [InlineData("UnknownError", "Agent not found: \"nope\".", FailureClass.Request, "unknown-agent")]
    [InlineData("UnknownError", "Model not found: fake/nope.", FailureClass.Provider, "unknown-model")]
    [InlineData("UnknownError", "Cannot connect to API: connection refused", FailureClass.Passing, "connection")]
    [InlineData("UnknownError", "Error: read ECONNRESET", FailureClass.Passing, "connection")]
    [InlineData("UnknownError", "The server is overloaded", FailureClass.Passing, "overloaded")]
    public void A_name_or_the_words_decide_where_there_is_no_status(string name, string message, FailureClass expected, string reason)
    {
        var error = Classify(name, message);

        Assert.Equal((expected, reason), (error.Class, error.Reason));
        Assert.NotEmpty(error.Message);
    }

    [Fact]
    public void A_lost_connection_to_the_provider_passes() =>
        Assert.Equal(FailureClass.Passing, FailureClassification.Classify(new WireError("APIError", new WireErrorData("gone", null, true))).Class);

    [Fact]
    public void What_is_not_known_keeps_its_raw_text()
    {
        var error = Classify("ErrorOfTomorrow", "what it says");

        Assert.Equal((FailureClass.Unknown, "ErrorOfTomorrow: what it says"), (error.Class, error.Message));
        Assert.Equal(FailureClass.Unknown, FailureClassification.Classify(new WireError(null, null)).Class);
    }

    [Theory]
    [InlineData("Incorrect API key provided: sk-proj-abcdefgh1234. Look here", "Incorrect API key provided: [hidden] Look here")]
    [InlineData("sent Authorization: Bearer abc.def-ghi", "sent Authorization: Bearer [hidden]")]
    [InlineData("api_key=verysecret&x=1", "api_key=[hidden]&x=1")]
    [InlineData("{\"apiKey\": \"verysecret\"}", "{\"apiKey\": \"[hidden]\"}")]
    [InlineData("http://me:pass@host/x", "http://[hidden]@host/x")]
    [InlineData("the server's own hunter22", "the server's own [hidden]")]
    [InlineData("nothing secret about a task-list or risky words", "nothing secret about a task-list or risky words")]
    public void No_secret_is_kept(string text, string expected) => Assert.Equal(expected, SecretScrub.Clean(text, "hunter22"));

    [Fact]
    public void A_message_without_an_end_is_cut() => Assert.InRange(SecretScrub.Clean(new string('x', 10_000_000)).Length, 1, 2000);

    private static TaskError Classify(string name, string message, int? status = null) =>
        FailureClassification.Classify(new WireError(name, new WireErrorData(message, status, null)));
}
