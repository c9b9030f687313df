using Microsoft.Extensions.DependencyInjection;
using Rouse.Engine;

namespace Rouse.Server;

/// <summary>What a node that runs inside another program is made of.</summary>
public sealed class RouseOptions
{
    /// <summary>The directory of the journal. Made, for its owner alone, when it is missing.</summary>
    public string Data { get; set; } = "";

    public EngineOptions Engine { get; set; } = new();

    /// <summary>One for each instance; each is made when the node starts and disposed of when it has stopped.</summary>
    public IList<Func<IServiceProvider, IHarness>> Harnesses { get; } = [];

    /// <summary>Whether a stop aborts what runs and sees it ended, rather than leaving it for the next start. False unless set.</summary>
    public bool AbortOnStop { get; set; }

    /// <summary>Opens the store; SQLite in <see cref="Data"/> unless set.</summary>
    public Func<IServiceProvider, CancellationToken, Task<IJournal>>? OpenJournal { get; set; }

    internal void Validate()
    {
        if (Data.Length == 0 && OpenJournal is null)
        {
            throw new InvalidOperationException("RouseOptions.Data must name a directory for the journal.");
        }
    }
}
