using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What was truly so with a session at one instant, whatever anybody was told.</summary>
/// <param name="Exists">Whether the harness knows it.</param>
/// <param name="Working">Whether a turn runs in it, also one that a deletion left behind.</param>
/// <param name="Messages">How long its history is.</param>
public sealed record SessionTruth(DateTimeOffset At, bool Exists, bool Working, string? OpenQuestion, bool PersonTyping, int Messages);

/// <summary>A message entered a history.</summary>
public sealed record MessageStored(DateTimeOffset At, SimSession Session, SimMessage Message);

public sealed record TurnBegan(DateTimeOffset At, SimSession Session, SimTurn Turn);

/// <summary>A turn ended, was stopped, or its process died.</summary>
public sealed record TurnEnded(DateTimeOffset At, SimSession Session, SimTurn Turn);

/// <summary>An inspection was answered.</summary>
/// <param name="Truth">What was so when the harness was read for the last time; null when it was never reached.</param>
public sealed record SessionInspected(DateTimeOffset At, Address Session, SessionTruth? Truth, InspectResult Result);

public sealed record CreateCalled(DateTimeOffset At, NewSession Spec);

public sealed record DeliverCalled(DateTimeOffset At, Address Session, Prompt Prompt);

/// <summary>A delivery was answered, or its caller waited no longer.</summary>
public sealed record DeliverAnswered(DateTimeOffset At, Address Session, Prompt Prompt, DeliverResult Result);

public sealed record AbortCalled(DateTimeOffset At, Address Session);
