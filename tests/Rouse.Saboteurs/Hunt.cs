using System.Globalization;
using System.Reflection;
using Rouse.Simulation;

namespace Rouse.Saboteurs;

/// <summary>Lets one saboteur at a time into the simulation and looks how soon it is caught.</summary>
/// <remarks>A saboteur is at work on one thread only, so hunts may run side by side.</remarks>
internal static class Hunt
{
    /// <summary>So many random lives a saboteur may live through. Most are caught within a few; the budget is for those that need luck.</summary>
    public static int MostSeeds { get; } = int.TryParse(Environment.GetEnvironmentVariable("ROUSE_SEEDS"), CultureInfo.InvariantCulture, out var asked) ? asked : 1500;

    /// <summary>All that a project holds, in the order of their list; ROUSE_SABOTEURS names the few that are to be hunted.</summary>
    public static IEnumerable<string> SaboteursOf(Type list) => Switches(list).Select(s => s.Name).Where(
        name => Environment.GetEnvironmentVariable("ROUSE_SABOTEURS") is not { Length: > 0 } few || few.Split(',').Contains(name, StringComparer.Ordinal));

    /// <summary>Plays seed after seed until something is caught; null when nothing is. What breaks without the saboteur too is no catch.</summary>
    public static Catch? For(string saboteur, Type list)
    {
        var active = Switches(list).Single(s => s.Name == saboteur);
        return Enumerable.Range(1, MostSeeds)
            .Select(seed => PlayWith(active, seed))
            .FirstOrDefault(caught => caught is not null && Play(caught.Seed) is null);
    }

    /// <summary>A random life. What only falls over under a saboteur is not caught by that: a rule must say what is wrong.</summary>
    public static Catch? Play(int seed)
    {
        try
        {
            Workload.Play(PlanMaker.Make(seed), isTold: false);
            return null;
        }
        catch (SimulationException broken)
        {
            return broken.Rule is null ? null : new Catch(seed, broken.Message.Split('\n')[0]);
        }
    }

    private static Catch? PlayWith(FieldInfo active, int seed)
    {
        active.SetValue(obj: null, value: true);
        try
        {
            return Play(seed);
        }
        finally
        {
            active.SetValue(obj: null, value: false);
        }
    }

    private static FieldInfo[] Switches(Type list) => list.GetFields(BindingFlags.Static | BindingFlags.NonPublic);
}
