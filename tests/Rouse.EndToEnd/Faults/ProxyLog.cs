using System.Collections.Immutable;
using Rouse.ScriptedModel;

namespace Rouse.EndToEnd.Faults;

/// <summary>Every request that a proxy has seen.</summary>
internal sealed class ProxyLog
{
    private readonly Watched<ImmutableList<ProxiedRequest>> _requests = new([]);

    public IReadOnlyList<ProxiedRequest> Requests => _requests.Current;

    public int Open(ProxiedRequest request) => _requests.Change(all => all.Add(request with { Number = all.Count + 1 })).Count;

    public void Update(int number, Func<ProxiedRequest, ProxiedRequest> change) =>
        _requests.Change(all => all.SetItem(number - 1, change(all[number - 1])));

    public async Task<IReadOnlyList<ProxiedRequest>> WaitForAsync(
        Func<ProxiedRequest, bool> predicate,
        int count,
        TimeSpan? timeout,
        CancellationToken cancellationToken)
    {
        var requests = await _requests.WaitUntilAsync(
            all => all.Count(predicate) >= count,
            all => $"{count} matching request(s), only {all.Count(predicate)} of these:\n{string.Join('\n', all)}",
            timeout,
            cancellationToken);
        return [.. requests.Where(predicate)];
    }
}
