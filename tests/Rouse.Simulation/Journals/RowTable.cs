using System.Runtime.InteropServices;

namespace Rouse.Simulation;

/// <summary>Rows by their id, listed in the order of their creation, as a whole or for one owner.</summary>
internal sealed class RowTable<TId, TOwner, TRow>
    where TId : struct
    where TOwner : struct
    where TRow : class
{
    private readonly Dictionary<TId, (int Place, TRow Row)> _rows = [];
    private readonly List<TId> _order = [];
    private readonly Dictionary<TOwner, List<TId>> _byOwner = [];

    public TRow? Find(TId id) => _rows.GetValueOrDefault(id).Row;

    public void Put(TId id, TOwner owner, TRow row)
    {
        ref var kept = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, id, out var known);
        if (known)
        {
            kept.Row = row;
            return;
        }

        _order.Add(id);
        kept = (_order.Count, row);
        (_byOwner.TryGetValue(owner, out var own) ? own : _byOwner[owner] = []).Add(id);
    }

    /// <param name="owner">Null for the rows of all.</param>
    /// <param name="after">The last row of the page before; the list ends when nobody knows it.</param>
    public IReadOnlyList<TRow> Page(TOwner? owner, TId? after, int most, Func<TRow, bool>? match = null)
    {
        var from = after is { } a ? _rows.GetValueOrDefault(a).Place : 0;
        var page = new List<TRow>();
        if (after is not null && from == 0)
        {
            return page;
        }

        foreach (var id in owner is { } o ? _byOwner.GetValueOrDefault(o) ?? [] : _order)
        {
            var (place, row) = _rows[id];
            if (page.Count < most && place > from && match?.Invoke(row) != false)
            {
                page.Add(row);
            }
        }

        return page;
    }
}
