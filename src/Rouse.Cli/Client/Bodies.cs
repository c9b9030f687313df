using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Cli.Client;

/// <summary>What <c>POST /v1/sessions</c> takes.</summary>
internal sealed record NewSessionBody(Address Address, SessionId? Parent, string? Agent, string? Directory);

/// <summary>What <c>POST /v1/delegations</c> takes, as far as the command line offers it.</summary>
internal sealed record DelegationBody
{
    public required SessionId From { get; init; }

    public required string Agent { get; init; }

    public required string Prompt { get; init; }

    public string? Description { get; init; }

    public string? Instance { get; init; }

    public string? Model { get; init; }

    public string? Variant { get; init; }

    public IReadOnlyList<string>? Fallbacks { get; init; }

    public string? Group { get; init; }

    /// <summary><c>all</c>, <c>each</c> or <c>none</c>; null leaves it to the server.</summary>
    public string? Wake { get; init; }

    public int? Priority { get; init; }

    public string? Directory { get; init; }

    public DelegationLimitsBody? Limits { get; init; }
}

/// <param name="Deadline">How long it may take from its acceptance on, such as <c>30s</c>.</param>
internal sealed record DelegationLimitsBody(string? Deadline);

/// <summary>What it answers.</summary>
internal sealed record DelegatedReply(TaskView Task, string? Message);
