using Microsoft.Extensions.Logging.Abstractions;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Sqlite;

namespace Rouse.Benchmarks;

/// <summary>A node on a real SQLite journal in a folder of its own.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly SqliteJournal _journal;

    private Node(SqliteJournal journal, RouseEngine engine, NoOpHarness harness) => (_journal, Engine, Harness) = (journal, engine, harness);

    public RouseEngine Engine { get; }

    public NoOpHarness Harness { get; }

    public IBackgroundAgents Agents => Engine.Agents;

    public static async Task<Node> OpenAsync(string directory, NoOpHarness harness, int laneLimit, int cachedCrews = 10_000)
    {
        var journal = await SqliteJournal.OpenAsync(new SqliteJournalOptions { Directory = directory });
        var options = new EngineOptions
        {
            Lanes = new LaneLimits([KeyValuePair.Create(LaneLimits.DefaultLane, laneLimit)]),
            CachedCrews = cachedCrews,
        };
        return new Node(journal, new RouseEngine(journal, [harness], options, TimeProvider.System, Random.Shared, NullLoggerFactory.Instance), harness);
    }

    public Task StartAsync() => Engine.StartAsync(CancellationToken.None);

    public async Task<SessionId> ParentAsync(string id) =>
        (await Agents.RegisterAsync(new SessionRequest { Address = Harness.Open(id) }, CancellationToken.None)).Session.Id;

    public Task<Delegated> DelegateAsync(SessionId from) => Agents.DelegateAsync(
        new DelegationRequest { From = from, Agent = "worker", Prompt = $"Review the module of {from} and say what is wrong with it.", Description = "Review" }, CancellationToken.None);

    /// <summary>Whether every obligation is settled.</summary>
    public async Task<bool> OwesNothingAsync() => (await _journal.ObligationsAsync(after: null, 1, CancellationToken.None)).Count == 0;

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await _journal.DisposeAsync();
    }
}
