using System.Diagnostics.CodeAnalysis;

namespace Rouse.Simulation;

/// <summary>What an adapter knows of a request that it sent.</summary>
/// <param name="NotSent">Of one without an answer: not a byte of it went out.</param>
internal readonly record struct Answer<T>(T? Value, bool NotSent)
    where T : class
{
    public static readonly Answer<T> Refused = new(null, NotSent: true);

    public static readonly Answer<T> Broken = new(null, NotSent: false);

    public bool TryGet([NotNullWhen(true)] out T? value) => (value = Value) is not null;
}
