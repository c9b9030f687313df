namespace Rouse.Sqlite;

/// <summary>The 32 bytes of a SHA-256, which stand in text as 64 hexadecimal digits.</summary>
internal static class BodyHash
{
    public const int Length = 32;

    /// <param name="bytes">Takes <see cref="Length"/> bytes.</param>
    public static bool TryParse(string hash, Span<byte> bytes) =>
        hash.Length == Length * 2 && Convert.FromHexString(hash, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
}
