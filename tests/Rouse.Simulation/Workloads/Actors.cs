using System.Globalization;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>The people and programs that use Rouse and its harnesses. Each asks, takes a refusal for an answer, and tells the oracle both.</summary>
internal sealed class Actors(World world, Plan plan, Oracle oracle)
{
    private readonly List<(SimSession Session, SessionId Id)> _roots = [];
    private readonly List<Asked> _accepted = [];

    /// <summary>A root that its harness and Rouse both still know.</summary>
    public SessionId? LivingRoot =>
        _roots.Where(r => world.Harnesses[r.Session.Address.Instance].Find(r.Session.Address.Id) is not null && !oracle.Books.Sessions[r.Id.ToString()].Gone)
            .Select(r => (SessionId?)r.Id).FirstOrDefault();

    public async Task OpenRootsAsync()
    {
        var harnesses = world.Harnesses.Values.ToList();
        for (var i = 0; i < plan.Setting.Roots; i++)
        {
            var session = harnesses[i % harnesses.Count].Open(string.Create(CultureInfo.InvariantCulture, $"root{i}"));
            _roots.Add((session, await world.RegisterAsync(session)));
        }
    }

    /// <summary>Does what people and programs do; a disaster is not theirs.</summary>
    public Task DoAsync(Deed deed) => deed switch
    {
        Deed.Delegate x => DelegateAsync(Root(x.Root).Id, x.Work),
        Deed.Repeat x when At(_accepted, x.Task) is { } asked => RepeatAsync(asked, x.Changed),
        Deed.Cancel x when At(_accepted, x.Task) is { } asked => CancelAsync(asked, x.ByItsParent),
        Deed.CancelAll x => CancelAllAsync(Root(x.Root).Id),
        Deed.Acknowledge x => AcknowledgeAsync(Root(x.Root).Id, x.All),
        Deed.Speak x => InSession(x.Session, (h, s) => h.PersonSays(s, "hello")),
        Deed.Note x => NoteAsync(Root(x.Root).Session),
        Deed.Type x => TypeAsync(x),
        Deed.Stop x => InSession(x.Session, (h, s) => h.Stop(s)),
        Deed.Delete x => InSession(x.Session, (h, s) => h.Delete(s, x.Told)),
        _ => Task.CompletedTask,
    };

    /// <summary>An agent or a person in this session delegates.</summary>
    public Task DelegateAsync(SessionId from, Work work) => TryAsync(async () =>
    {
        var asked = oracle.Ask(from, work);
        var reply = await world.AskAsync(a => a.DelegateAsync(work.From(from), CancellationToken.None));
        if (asked.Task is null)
        {
            _accepted.Add(asked);
        }

        oracle.Told(asked, reply);
    });

    /// <summary>Rouse's id of a session; null while it cannot say.</summary>
    public async Task<SessionId?> IdOfAsync(SimSession session)
    {
        SessionView? view = null;
        await TryAsync(async () => view = await world.AskAsync(a => a.FindSessionAsync(session.Address, CancellationToken.None)));
        return view?.Id;
    }

    /// <summary>Makes a session known that its harness opened below another one; null while that cannot be.</summary>
    public async Task<SessionId?> RegisterBelowAsync(SimSession session, SessionId parent)
    {
        SessionView? view = null;
        await TryAsync(async () => view = (await world.AskAsync(
            a => a.RegisterAsync(new SessionRequest { Address = session.Address, Parent = parent }, CancellationToken.None))).Session);
        return view?.Id;
    }

    private async Task RepeatAsync(Asked asked, bool changed)
    {
        if (!changed)
        {
            await DelegateAsync(asked.From, asked.Work);
            return;
        }

        await TryAsync(async () =>
        {
            var reply = await world.AskAsync(a => a.DelegateAsync(asked.Work.From(asked.From) with { Prompt = "another" }, CancellationToken.None));
            throw new SimulationException($"broken: {Rule.OneKey}: another request under {asked.Work.Key} was accepted as {reply.Task.Id}", rule: Rule.OneKey);
        });
    }

    private Task CancelAsync(Asked asked, bool byItsParent) => TryAsync(async () =>
    {
        var about = oracle.AskCancel(asked.Task!, byItsParent);
        oracle.ToldCancelled(await world.CancelAsync(TaskId.Parse(asked.Task!), byItsParent ? asked.From : null), about);
    });

    private Task CancelAllAsync(SessionId root) => TryAsync(async () =>
    {
        var about = oracle.AskCancelAll(root.ToString());
        oracle.ToldCancelled(await world.AskAsync(a => a.CancelAllAsync(root, by: null, CancellationToken.None)), about);
    });

    /// <summary>All that somebody has delegated is cancelled, just when a wake works far below.</summary>
    public void CancelAll(Draw draw) => _ = CancelAllAsync(Root(draw.Below(3)).Id);

    /// <summary>A person meddles just when work for a root ends.</summary>
    public void Meddle(Draw draw)
    {
        var root = Root(draw.Below(3)).Session;
        if (world.Harnesses[root.Address.Instance] is { IsUp: true } harness && harness.Find(root.Address.Id) is not null)
        {
            if (draw.Chance(0.5))
            {
                harness.PersonNotes(root, "by the way");
            }
            else
            {
                harness.PersonSays(root, "hello");
            }
        }
    }

    private Task AcknowledgeAsync(SessionId root, bool all) => TryAsync(async () =>
    {
        var owed = (await world.MailboxAsync(root)).Where(n => n.Owed).Select(n => n.Id).Take(all ? int.MaxValue : 1).ToList();
        oracle.AskAcknowledged(owed);
        await world.AskAsync<int>(async a =>
        {
            await a.AcknowledgeAsync(root, owed, CancellationToken.None);
            return 0;
        });
        oracle.ToldAcknowledged(owed);
    });

    private Task NoteAsync(SimSession root)
    {
        if (world.Harnesses[root.Address.Instance] is { IsUp: true } harness && harness.Find(root.Address.Id) is not null)
        {
            harness.PersonNotes(root, "by the way");
        }

        return Task.CompletedTask;
    }

    private async Task TypeAsync(Deed.Type x)
    {
        if (Session(x.Session) is { } session)
        {
            session.PersonTyping = true;
            await Task.Delay(x.For, world.Time);
            session.PersonTyping = false;
        }
    }

    private Task InSession(int place, Action<SimHarness, SimSession> act)
    {
        if (Session(place) is { } session && world.Harnesses[session.Address.Instance] is { IsUp: true } harness)
        {
            act(harness, session);
        }

        return Task.CompletedTask;
    }

    private SimSession? Session(int place) => At([.. world.Harnesses.Values.SelectMany(h => h.Sessions)], place);

    private (SimSession Session, SessionId Id) Root(int place) => _roots[place % _roots.Count];

    private static T? At<T>(List<T> all, int place)
        where T : class => all.Count == 0 ? null : all[place % all.Count];

    /// <summary>Refused or unavailable is an answer too; what was accepted all the same is in the journal.</summary>
    private static async Task TryAsync(Func<Task> ask)
    {
        try
        {
            await ask();
        }
        catch (Exception error) when (error is RefusedException or JournalUnavailableException)
        {
        }
    }
}
