using System.Globalization;
using System.Text;

namespace Rouse.Core.Tests;

/// <summary>
/// Plays many random stories once for all properties, and keeps the first failure of each. ROUSE_SEEDS sets how many are played, and
/// ROUSE_SEED plays one only.
/// </summary>
public sealed class RandomStories
{
    private const int Stories = 3000;
    private const int Length = 64;

    private readonly SortedDictionary<int, List<(Violation Violation, List<Step> Steps)>> _failures = [];
    private readonly HashSet<Type> _seen = [];
    private readonly Lock _lock = new();

    public RandomStories()
    {
        if (Number("ROUSE_SEED") is { } seed)
        {
            Play(seed);
            return;
        }

        Parallel.For(0, Number("ROUSE_SEEDS") ?? Stories, Play);
    }

    internal IReadOnlySet<Type> SeenEvents => _seen;

    internal void Hold(Property property)
    {
        foreach (var (seed, violations) in _failures)
        {
            if (violations.Find(v => v.Violation.Property == property) is { Violation: not null } failure)
            {
                Assert.Fail(Tell(property, seed, failure.Steps));
            }
        }
    }

    private void Play(int seed)
    {
        var maker = new StoryMaker(seed);
        var oracle = new Oracle(thorough: false, twin: seed / 4 % 3 == 0);
        var steps = new List<Step>();
        var violations = new List<Violation>();
        while (steps.Count < Length && violations.Count == 0)
        {
            steps.Add(maker.Next(oracle.Crew, oracle.Now));
            violations.AddRange(oracle.Play(steps[^1]));
        }

        if (violations.Count == 0)
        {
            violations.AddRange(oracle.End());
        }

        lock (_lock)
        {
            _seen.UnionWith(oracle.SeenEvents);
            if (violations.Count > 0)
            {
                _failures[seed] = [.. violations.Select(v => (v, steps))];
            }
        }
    }

    private static Violation? Violate(Property property, IReadOnlyList<Step> steps)
    {
        var oracle = new Oracle(thorough: true);
        return steps.SelectMany(oracle.Play).FirstOrDefault(v => v.Property == property) ?? oracle.End().FirstOrDefault(v => v.Property == property);
    }

    private static string Tell(Property property, int seed, List<Step> steps)
    {
        var shortest = Shrinking.Shortest(steps, shorter => Violate(property, shorter) is not null);
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{property} does not hold; ROUSE_SEED={seed} plays it again. The shortest story:\n");
        var oracle = new Oracle(thorough: true);
        foreach (var step in shortest)
        {
            var from = oracle.Crew;
            text.Append("* ").Append(step).Append('\n');
            var violations = oracle.Play(step);
            foreach (var e in violations.Any(v => v.Property == Property.NothingThrows) ? [] : from.Decide(step.Input, new Moment(oracle.Now, Rules.Default)).Events)
            {
                text.Append("    ").Append(EventCodec.NameOf(e)).Append(' ').Append(TextBounds.Head(Encoding.UTF8.GetString(EventCodec.Encode(e)), 200)).Append('\n');
            }

            foreach (var violation in violations)
            {
                text.Append("  => ").Append(violation.Property).Append(": ").Append(violation.What).Append('\n');
            }
        }

        return text.ToString();
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
