using System.Text.Json;
using Rouse.Engine;
using Rouse.Harnesses.OpenCode.Failures;
using Rouse.Harnesses.OpenCode.Prompts;
using Rouse.Harnesses.OpenCode.Wire;

namespace Rouse.Harnesses.OpenCode.Events;

/// <summary>
/// One event of OpenCode's as a signal. What is not known, and what says nothing about a session's course, is no signal: of ninety kinds of
/// events most are noise here.
/// </summary>
internal static class SignalTranslation
{
    /// <param name="data">The event's JSON, with or without the wrapper that names its directory.</param>
    /// <returns>Null when there is nothing in it for Rouse.</returns>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static HarnessSignal? Translate(ReadOnlyMemory<byte> data)
    {
        using var document = JsonDocument.Parse(data);
        var root = document.RootElement;
        var payload = Object(root, "payload") ?? root;
        var properties = Object(payload, "properties") ?? default;
        return Text(payload, "type") switch
        {
            "server.connected" => new HarnessSignal.Connected(),

            // The instance of a directory was reloaded, and what ran in it ended without a word: as if signals had been missed.
            "server.instance.disposed" or "global.disposed" => new HarnessSignal.Connected(),
            "message.part.delta" => Progress(Text(properties, "sessionID")),
            "message.part.updated" => Part(Object(properties, "part"), Text(properties, "sessionID")),
            "message.updated" => Message(Object(properties, "info"), Text(properties, "sessionID")),
            "todo.updated" => Progress(Text(properties, "sessionID")),
            "session.status" => Status(properties),
            "session.error" => Error(properties),
            "session.deleted" => Deleted(properties),
            "session.compacted" or "message.removed" or "question.asked" or "question.replied" or "question.rejected" or "permission.asked"
                or "permission.updated" or "permission.replied" => Changed(Text(properties, "sessionID")),
            _ => null,
        };
    }

    /// <summary>A status of busy repeats at every step and at every try of a failing call: it is no progress.</summary>
    private static HarnessSignal? Status(JsonElement properties) =>
        Object(properties, "status") is { } status && Text(status, "type") is not (null or "busy") ? Changed(Text(properties, "sessionID")) : null;

    /// <summary>The echo of a prompt that Rouse itself sent is no activity of the session.</summary>
    private static HarnessSignal? Part(JsonElement? part, string? session) =>
        part is { } p && MessageKey.IsPartOfRouse(Text(p, "id")) ? null : Progress((part is { } q ? Text(q, "sessionID") : null) ?? session);

    private static HarnessSignal? Message(JsonElement? info, string? session)
    {
        if (info is not { } message)
        {
            return null;
        }

        session = Text(message, "sessionID") ?? session;
        if (Text(message, "role") == "assistant")
        {
            var isEnded = Object(message, "error") is not null || (Object(message, "time") is { } time && time.TryGetProperty("completed", out _));
            return isEnded ? Changed(session) : Progress(session);
        }

        return Text(message, "id") is { } id && MessageKey.Of(id) is not null ? null : Changed(session);
    }

    private static HarnessSignal? Error(JsonElement properties)
    {
        if (Text(properties, "sessionID") is not { } session || Object(properties, "error") is not { } error)
        {
            return null;
        }

        return new HarnessSignal.Failed(session, FailureClassification.Classify(ErrorOf(error)));
    }

    private static HarnessSignal? Deleted(JsonElement properties) =>
        (Text(properties, "sessionID") ?? (Object(properties, "info") is { } info ? Text(info, "id") : null)) is { } session
            ? new HarnessSignal.Deleted(session)
            : null;

    private static HarnessSignal? Progress(string? session) => session is null ? null : new HarnessSignal.Progress(session);

    private static HarnessSignal? Changed(string? session) => session is null ? null : new HarnessSignal.Changed(session);

    /// <summary>Read field by field: an error of a shape that is not known must not cost the signal.</summary>
    private static WireError ErrorOf(JsonElement error)
    {
        var data = Object(error, "data");
        int? status = data is { } d && d.TryGetProperty("statusCode", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number)
            ? number
            : null;
        bool? retryable = data is { } e && e.TryGetProperty("isRetryable", out var flag) && flag.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? flag.GetBoolean()
            : null;
        var message = (data is { } f ? Text(f, "message") : null) ?? Text(error, "message");
        return new WireError(Text(error, "name"), new WireErrorData(message, status, retryable));
    }

    private static JsonElement? Object(JsonElement element, string property) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.Object
            ? value
            : null;

    private static string? Text(JsonElement element, string property) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
