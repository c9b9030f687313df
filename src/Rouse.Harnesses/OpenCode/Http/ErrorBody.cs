using System.Text.Json;

namespace Rouse.Harnesses.OpenCode.Http;

/// <summary>An error as OpenCode answers it, in either of its two shapes: <c>{name, data: {message}}</c> or <c>{_tag, message}</c>.</summary>
internal sealed record ErrorBody(string Name, string? Message)
{
    public static async ValueTask<ErrorBody?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (HttpRequestException)
        {
            // The status line came and the rest did not: the status alone says enough.
            return null;
        }
    }

    public static ErrorBody? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var name = Text(root, "name") ?? Text(root, "_tag") ?? "";
            var message = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("data", out var data) ? Text(data, "message") : null;
            return new ErrorBody(name, message ?? Text(root, "message"));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement element, string property) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
