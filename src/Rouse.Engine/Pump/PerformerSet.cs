using Microsoft.Extensions.Logging;
using Rouse.Core;

namespace Rouse.Engine;

/// <summary>The performers by kind of obligation, and what becomes of one that fails. Safe for use by several threads.</summary>
internal sealed partial class PerformerSet(IEnumerable<IPerformer> performers, SteadyTime time, ILogger<ObligationPump> log)
{
    private readonly Dictionary<ObligationKind, IPerformer> _performers = performers.ToDictionary(p => p.Kind);

    public bool Has(ObligationKind kind) => _performers.ContainsKey(kind);

    /// <summary>Never throws: what failed stays owed.</summary>
    public async Task<Performed> PerformAsync(Performance performance, CancellationToken stopping)
    {
        var kind = performance.Obligation.Kind;
        var started = time.GetTimestamp();
        performance.Begin(time.GetUtcNow());
        var performed = await TryAsync(_performers[kind], performance, stopping);
        EngineMeters.Performed.Add(1, EngineMeters.Kind(kind), new KeyValuePair<string, object?>("result", performed.GetType().Name));
        EngineMeters.PerformDuration.Record(time.GetElapsedTime(started).TotalSeconds, EngineMeters.Kind(kind));
        return performed;
    }

    private async Task<Performed> TryAsync(IPerformer performer, Performance performance, CancellationToken stopping)
    {
        try
        {
            return await performer.PerformAsync(performance, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return Performed.Wait;
        }
        catch (JournalUnavailableException error)
        {
            return new Performed.BackOff(error.Message);
        }
        catch (Exception error)
        {
            // A defect in a performer must not lose what is owed: it is tried again, and people see it in the log.
            LogFailed(error, performance.Obligation.Kind, performance.Crew, performance.Obligation.Subject);
            return new Performed.BackOff(error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Performing {Kind} of {Crew} {Subject} failed; it stays owed")]
    private partial void LogFailed(Exception error, ObligationKind kind, CrewId crew, int subject);
}
