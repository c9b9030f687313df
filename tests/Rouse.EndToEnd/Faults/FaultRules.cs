namespace Rouse.EndToEnd.Faults;

/// <summary>Which requests meet which fault. The rule that was added last is asked first.</summary>
internal sealed class FaultRules
{
    private readonly Lock _lock = new();
    private readonly List<Rule> _rules = [];

    public IDisposable Add(Fault fault, Func<ProxiedRequest, bool> when, int times)
    {
        var rule = new Rule(this, fault, when) { Left = times };
        lock (_lock)
        {
            _rules.Add(rule);
        }

        return rule;
    }

    public Fault For(ProxiedRequest request)
    {
        lock (_lock)
        {
            if (_rules.FindLast(r => r.Left > 0 && r.When(request)) is not { } rule)
            {
                return new Fault.None();
            }

            rule.Left--;
            return rule.Fault;
        }
    }

    private void Remove(Rule rule)
    {
        lock (_lock)
        {
            _rules.Remove(rule);
        }
    }

    private sealed class Rule(FaultRules owner, Fault fault, Func<ProxiedRequest, bool> when) : IDisposable
    {
        public Fault Fault => fault;

        public Func<ProxiedRequest, bool> When => when;

        public required int Left { get; set; }

        public void Dispose() => owner.Remove(this);
    }
}
