using System.Collections.Immutable;

namespace Rouse.ScriptedModel.Calls;

/// <summary>Every call that the server has seen, and how many were open at once.</summary>
internal sealed class CallLog(TimeProvider time)
{
    private readonly Watched<Page> _page = new(new Page([], 0, ImmutableDictionary<string, int>.Empty));

    public IReadOnlyList<ModelCall> Calls => _page.Current.Calls;

    public int MaxInFlight => _page.Current.Max;

    public int InFlight(string? model = null) => _page.Current.Open(model);

    public int MaxInFlightOf(string model) => _page.Current.MaxByModel.GetValueOrDefault(model);

    /// <summary>Records a call that has just arrived; the log gives it its number and its time.</summary>
    public OpenCall Open(ModelCall call) =>
        new(this, _page.Change(p => p.With(call with { Number = p.Calls.Count + 1, StartedAt = time.GetUtcNow() })).Calls[^1]);

    public void Update(int number, Func<ModelCall, ModelCall> change) =>
        _page.Change(p => p with { Calls = p.Calls.SetItem(number - 1, change(p.Calls[number - 1])) });

    public void Close(int number, ModelCallState state) =>
        Update(number, c => c with { State = state, EndedAt = time.GetUtcNow(), WaitingAt = null });

    public async Task<IReadOnlyList<ModelCall>> WaitForAsync(
        Func<ModelCall, bool> predicate,
        int count,
        TimeSpan? timeout,
        CancellationToken cancellationToken)
    {
        var page = await _page.WaitUntilAsync(
            p => p.Calls.Count(predicate) >= count,
            p => $"{count} matching model call(s), only {p.Calls.Count(predicate)} of these:\n{string.Join('\n', p.Calls)}",
            timeout,
            cancellationToken);
        return [.. page.Calls.Where(predicate)];
    }

    private sealed record Page(ImmutableList<ModelCall> Calls, int Max, ImmutableDictionary<string, int> MaxByModel)
    {
        public int Open(string? model) => Calls.Count(c =>
            c.State == ModelCallState.Open && c.Kind != ModelCallKind.Title && (model is null || c.Model == model));

        public Page With(ModelCall call)
        {
            var next = this with { Calls = Calls.Add(call) };
            return next with
            {
                Max = Math.Max(Max, next.Open(null)),
                MaxByModel = MaxByModel.SetItem(call.Model, Math.Max(MaxByModel.GetValueOrDefault(call.Model), next.Open(call.Model))),
            };
        }
    }
}
