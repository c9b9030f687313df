using System.Buffers;

namespace Rouse.Core;

/// <summary>Refers to a text that the journal holds once, by the hash of its content.</summary>
/// <param name="Hash">SHA-256 of the UTF-8 text, in lower case hexadecimal.</param>
/// <param name="Size">Length of the UTF-8 text in bytes.</param>
public sealed record BodyRef(string Hash, int Size)
{
    /// <summary>The bytes of a SHA-256, which stand in text as twice as many digits.</summary>
    public const int HashLength = 32;

    /// <summary>Reads the digits of a hash; false when they are none.</summary>
    /// <param name="bytes">Takes <see cref="HashLength"/> bytes.</param>
    public static bool TryParseHash(string hash, Span<byte> bytes) =>
        hash.Length == HashLength * 2 && Convert.FromHexString(hash, bytes, out _, out _) == OperationStatus.Done;
}
