using Rouse.Core;

namespace Rouse.Cli.Client;

/// <summary>Which tasks to list; null parts do not narrow.</summary>
/// <param name="Session">Delegated by this session.</param>
internal sealed record TaskFilter(SessionId? Session = null, CrewId? Crew = null, IReadOnlyList<string>? Statuses = null)
{
    public IEnumerable<(string Name, string Value)> Parts()
    {
        if (Session is { } session)
        {
            yield return ("session", session.ToString());
        }

        if (Crew is { } crew)
        {
            yield return ("crew", crew.ToString());
        }

        if (Statuses is { Count: > 0 } statuses)
        {
            yield return ("status", string.Join(',', statuses));
        }
    }
}
