using Rouse.Core;

namespace Rouse.Engine;

/// <summary>
/// What waits for one set of lanes and one instance, by crew: within a crew in order, between crews by how many each has running. Not thread-safe; the
/// scheduler guards it.
/// </summary>
internal sealed class LaneQueue
{
    private readonly Dictionary<CrewId, SortedSet<Waiting>> _crews = [];

    /// <summary>All that waits here in the order of rank and age, to tell places. New ones come at the end, so keeping it sorted is cheap.</summary>
    private readonly List<Waiting> _places = [];

    /// <summary>The crews' first ones in the order of their turn, with the key they were filed under.</summary>
    private readonly SortedDictionary<TurnKey, Waiting> _heads = [];
    private readonly Dictionary<CrewId, TurnKey> _filed = [];

    public void Add(Waiting waiting)
    {
        (_crews.TryGetValue(waiting.Crew, out var crew) ? crew : _crews[waiting.Crew] = new SortedSet<Waiting>(Waiting.InCrew)).Add(waiting);
        var place = _places.BinarySearch(waiting, Waiting.InCrew);
        if (place < 0)
        {
            _places.Insert(~place, waiting);
        }

        File(waiting.Crew);
    }

    public void Remove(Waiting waiting)
    {
        if (_crews.TryGetValue(waiting.Crew, out var crew) && crew.Remove(waiting))
        {
            if (crew.Count == 0)
            {
                _crews.Remove(waiting.Crew);
            }

            _places.RemoveAt(_places.BinarySearch(waiting, Waiting.InCrew));

            File(waiting.Crew);
        }
    }

    /// <summary>Whose turn it is, when its lanes have room; all that waits here waits for the same lanes.</summary>
    public Waiting? Next()
    {
        while (_heads.Count > 0)
        {
            var (key, head) = _heads.First();
            if (!head.HasRoom)
            {
                return null;
            }

            // A crew that took a slot elsewhere is filed with too few running: brought up to date when its turn seems to come.
            if (key.Running == head.RunningOfCrew)
            {
                return head;
            }

            File(head.Crew);
        }

        return null;
    }

    /// <summary>The crew gave a slot back: it may come earlier now.</summary>
    public void Refile(CrewId crew)
    {
        if (_filed.ContainsKey(crew))
        {
            File(crew);
        }
    }

    /// <summary>How many here come before it by rank and age.</summary>
    public int Before(Waiting waiting)
    {
        var place = _places.BinarySearch(waiting, Waiting.InCrew);
        return place < 0 ? ~place : place;
    }

    private void File(CrewId crew)
    {
        if (_filed.Remove(crew, out var old))
        {
            _heads.Remove(old);
        }

        if (_crews.TryGetValue(crew, out var waiting))
        {
            var head = waiting.Min!;
            var key = new TurnKey(head.IsResume, head.Level, head.RunningOfCrew, head.Obligation.Since, crew.Stem, head.Obligation.Subject);
            _filed[crew] = key;
            _heads[key] = head;
        }
    }

    private readonly record struct TurnKey(bool Resume, int Level, int Running, DateTimeOffset Since, string Stem, int Subject) : IComparable<TurnKey>
    {
        public int CompareTo(TurnKey other)
        {
            var order = other.Resume.CompareTo(Resume);
            order = order != 0 ? order : other.Level.CompareTo(Level);
            order = order != 0 ? order : Running.CompareTo(other.Running);
            order = order != 0 ? order : Since.CompareTo(other.Since);
            order = order != 0 ? order : string.CompareOrdinal(Stem, other.Stem);
            return order != 0 ? order : Subject.CompareTo(other.Subject);
        }
    }
}

/// <summary>Names a queue: the lanes that all in it need, and the instance that all in it run on.</summary>
internal readonly record struct QueueName(string Lanes, string? Instance);
