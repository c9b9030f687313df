using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Rouse.Core;

namespace Rouse.Engine;

/// <summary>What a request must hold before it reaches a crew, and how it is brought into its one form.</summary>
internal static class RequestRules
{
    private const int LongestName = 200;
    private const int LongestKey = 255;
    private const int MostPrompt = 512 * 1024;
    private const int GoalLength = 400;
    private static readonly char[] Wrapping = ['"', '\'', '`', '/', '\\', ' ', '\t'];
    private static readonly string[] Actions = ["allow", "ask", "deny"];

    /// <summary>The agent's name without what sorts or wraps it: quotes, slashes, invisible marks.</summary>
    public static string CleanAgent(string agent)
    {
        var clean = TextBounds.Visible(agent).Trim(Wrapping);
        if (clean.Length == 0)
        {
            throw Invalid("agent", "An agent's name is needed.");
        }

        return clean.Length <= LongestName ? clean : throw Invalid("agent", $"An agent's name has at most {LongestName} characters.");
    }

    public static void Check(DelegationRequest request)
    {
        Require(!string.IsNullOrWhiteSpace(request.Prompt), "prompt", "A prompt is needed.");
        Require(Encoding.UTF8.GetByteCount(request.Prompt) <= MostPrompt || Sabotage.LetsAPromptOfAnySizeIn, "prompt", $"A prompt has at most {MostPrompt} bytes of UTF-8.");
        Require(request.Priority is >= -100 and <= 100 || Sabotage.LetsAnyPriorityIn, "priority", "A priority is between -100 and 100.");
        Require(request.Deadline is not { } deadline || deadline > TimeSpan.Zero, "deadline", "A deadline lies in the future.");
        Require(request.IdempotencyKey is not { } key || key.Length is > 0 and <= LongestKey, "idempotencyKey", $"An idempotency key has 1 to {LongestKey} characters.");
        Require(request.Group is not { } group || (group.Length is > 0 and <= LongestName), "group", $"A group's name has 1 to {LongestName} characters.");
        CheckModel(request.Model, "model");
        for (var i = 0; i < request.Fallbacks.Length; i++)
        {
            CheckModel(request.Fallbacks[i], string.Create(CultureInfo.InvariantCulture, $"fallbacks[{i}]"));
        }

        for (var i = 0; i < request.Permissions.Length; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"permissions[{i}]");
            var rule = request.Permissions[i];
            Require(!string.IsNullOrWhiteSpace(rule.Permission), at + ".permission", "A permission is needed.");
            Require(!string.IsNullOrWhiteSpace(rule.Pattern), at + ".pattern", "A pattern is needed; * stands for all.");
            Require(Actions.Contains(rule.Action, StringComparer.Ordinal), at + ".action", "An action is allow, ask or deny.");
        }
    }

    public static void Check(SessionRequest request)
    {
        Require(!string.IsNullOrWhiteSpace(request.Address.Id), "address.id", "The harness's id of the session is needed.");
        Require(request.Address.Id.Length <= LongestName && !request.Address.Id.Any(char.IsControl), "address.id", $"A session's id has at most {LongestName} characters and no control characters.");
    }

    public static TaskSpec SpecOf(DelegationRequest request, string agent, string instance, Body prompt, Body? system, DateTimeOffset now) => new()
    {
        From = request.From,
        Agent = agent,
        Instance = instance,
        Prompt = prompt.Ref,
        Goal = TextBounds.OneLine(request.Prompt, GoalLength) ?? "",
        Description = request.Description,
        Model = request.Model,
        Variant = request.Variant,
        Fallbacks = Sabotage.DropsTheFallbacks ? [] : request.Fallbacks,
        Group = request.Group,
        Wake = request.Wake,
        Priority = request.Priority,
        System = system?.Ref,
        Tools = request.Tools,
        Permissions = request.Permissions,
        Directory = request.Directory,
        Deadline = Sabotage.DropsTheDeadline ? null : now + request.Deadline,
        Key = Sabotage.IgnoresTheIdempotencyKey ? null : request.IdempotencyKey,
        Fingerprint = FingerprintOf(request),
    };

    /// <summary>The same for the same request, whatever its time.</summary>
    private static string FingerprintOf(DelegationRequest request)
    {
        var canonical = JsonSerializer.SerializeToUtf8Bytes(request with { IdempotencyKey = null }, EngineJson.Default.DelegationRequest);
        return Convert.ToHexStringLower(SHA256.HashData(canonical))[..32];
    }

    private static void CheckModel(string? model, string path)
    {
        if (model is not null)
        {
            Require(model.Length is > 0 and <= LongestName && !model.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)), path,
                "A model is named provider/model, without white space.");
        }
    }

    private static void Require(bool holds, string path, string detail)
    {
        if (!holds)
        {
            throw Invalid(path, detail);
        }
    }

    public static RefusedException Invalid(string path, string detail) => new(new Refusal(RefusalKind.Invalid, "invalid", detail) { Path = path });
}
