using Rouse.Core;

namespace Rouse.Engine;

/// <summary>Makes the ids of new crews; every other id follows from its crew's. Thread-safe.</summary>
public sealed class IdSource(Random random)
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Length = 16;
    private readonly Lock _gate = new();

    public CrewId NewCrew()
    {
        Span<char> stem = stackalloc char[Length];
        lock (_gate)
        {
            foreach (ref var c in stem)
            {
                c = Alphabet[random.Next(Alphabet.Length)];
            }
        }

        return new CrewId(stem.ToString());
    }
}
