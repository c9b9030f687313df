using Rouse.Core;

namespace Rouse.Engine;

/// <summary>All that is owed, found by its key, by its instance and by the session that it listens to. Not thread-safe; the pump guards it.</summary>
internal sealed class Owed
{
    private readonly Dictionary<CrewId, Dictionary<ObligationKey, Entry>> _byCrew = [];
    private readonly Dictionary<string, HashSet<Entry>> _byInstance = new(StringComparer.Ordinal);
    private readonly Dictionary<Address, HashSet<Entry>> _byAddress = [];
    private readonly HashSet<Entry> _deadlines = [];

    /// <summary>What is owed at a time of day.</summary>
    public IReadOnlyCollection<Entry> Deadlines => _deadlines;

    public Entry? Find(CrewId crew, ObligationKey key) => _byCrew.GetValueOrDefault(crew)?.GetValueOrDefault(key);

    public IEnumerable<Entry> Of(CrewId crew) => _byCrew.GetValueOrDefault(crew)?.Values ?? Enumerable.Empty<Entry>();

    public IEnumerable<Entry> Of(string instance) => _byInstance.GetValueOrDefault(instance) ?? Enumerable.Empty<Entry>();

    public IEnumerable<Entry> Of(Address address) => _byAddress.GetValueOrDefault(address) ?? Enumerable.Empty<Entry>();

    public void Add(Entry entry)
    {
        var obligation = entry.Performance.Obligation;
        (_byCrew.TryGetValue(entry.Performance.Crew, out var crew) ? crew : _byCrew[entry.Performance.Crew] = []).Add(obligation.Key, entry);
        if (obligation.Kind == ObligationKind.Deadline)
        {
            _deadlines.Add(entry);
        }

        if (obligation.Instance is { } instance)
        {
            Put(_byInstance, instance, entry);
        }
    }

    public Entry? Remove(CrewId crew, ObligationKey key)
    {
        if (!_byCrew.TryGetValue(crew, out var entries) || !entries.Remove(key, out var entry))
        {
            return null;
        }

        if (entries.Count == 0)
        {
            _byCrew.Remove(crew);
        }

        _deadlines.Remove(entry);
        if (entry.Performance.Obligation.Instance is { } instance)
        {
            Take(_byInstance, instance, entry);
        }

        Listen(entry, address: null);
        return entry;
    }

    /// <summary>It listens to this session from here on, and to no other.</summary>
    public void Listen(Entry entry, Address? address)
    {
        if (entry.Address == address)
        {
            return;
        }

        if (entry.Address is { } old)
        {
            Take(_byAddress, old, entry);
        }

        entry.Address = address;
        if (address is not null)
        {
            Put(_byAddress, address, entry);
        }
    }

    private static void Put<T>(Dictionary<T, HashSet<Entry>> index, T key, Entry entry)
        where T : notnull =>
        (index.TryGetValue(key, out var all) ? all : index[key] = []).Add(entry);

    private static void Take<T>(Dictionary<T, HashSet<Entry>> index, T key, Entry entry)
        where T : notnull
    {
        var all = index[key];
        all.Remove(entry);
        if (all.Count == 0)
        {
            index.Remove(key);
        }
    }
}
