using System.Text.Json;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Server;

/// <summary>Which events a reader wants. An event is about whatever it names; a wake's events are also about the wake's session.</summary>
internal sealed class EventFilter(SessionId? session, CrewId? crew, TaskId? task, string? type, IBackgroundAgents agents)
{
    private const string WakeProperty = "wake";
    private readonly Dictionary<string, SessionId?> _sessionsOfWakes = new(StringComparer.Ordinal);

    public async ValueTask<bool> MatchesAsync(EventView happened, CancellationToken cancellationToken) =>
        (crew is null || happened.Crew == crew)
        && (type is null || happened.Type == type)
        && (task is not { } t || (happened.Crew == t.Crew && Names(happened.Data, t.ToString())))
        && (session is not { } s
            || (happened.Crew == s.Crew && (Names(happened.Data, s.ToString()) || await IsOfWakeAsync(happened.Data, s, cancellationToken))));

    private static bool Names(JsonElement data, string id) => data.ValueKind switch
    {
        JsonValueKind.String => data.ValueEquals(id),
        JsonValueKind.Object => data.EnumerateObject().Any(p => Names(p.Value, id)),
        JsonValueKind.Array => data.EnumerateArray().Any(e => Names(e, id)),
        _ => false,
    };

    private async ValueTask<bool> IsOfWakeAsync(JsonElement data, SessionId wanted, CancellationToken cancellationToken)
    {
        if (data.ValueKind != JsonValueKind.Object || !data.TryGetProperty(WakeProperty, out var property)
            || property.ValueKind != JsonValueKind.String || !WakeId.TryParse(property.GetString(), provider: null, out var wake))
        {
            return false;
        }

        var key = wake.ToString();
        if (!_sessionsOfWakes.TryGetValue(key, out var owner))
        {
            // A crew's wakes are many over time; a reader needs the recent ones.
            const int enough = 10_000;
            if (_sessionsOfWakes.Count >= enough)
            {
                _sessionsOfWakes.Clear();
            }

            _sessionsOfWakes[key] = owner = (await agents.FindWakeAsync(wake, cancellationToken))?.Session;
        }

        return owner == wanted;
    }
}
