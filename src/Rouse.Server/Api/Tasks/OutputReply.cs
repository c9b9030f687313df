using System.Text;
using Rouse.Engine;

namespace Rouse.Server;

/// <summary>What a task produced, or a part of it.</summary>
/// <param name="Partial">The task did not complete; this is what it had produced.</param>
/// <param name="Truncated">The last turn ended at a length or step limit.</param>
/// <param name="Size">Length of the whole text in bytes of UTF-8.</param>
/// <param name="Offset">Where <paramref name="Text"/> begins, in bytes.</param>
/// <param name="Next">The <c>offset</c> of the part that follows; null at the end.</param>
internal sealed record OutputReply(string Text, bool Partial, bool Truncated, int Size, int Offset, int? Next)
{
    /// <summary>
    /// The part of <paramref name="limit"/> bytes from <paramref name="offset"/>, on character boundaries: it begins with the character
    /// that holds the first byte, and holds at least one.
    /// </summary>
    public static OutputReply Of(OutputView output, int offset, int limit)
    {
        var bytes = Encoding.UTF8.GetBytes(output.Text);
        var start = Boundary(bytes, Math.Min(offset, bytes.Length));
        var end = limit < bytes.Length - start ? Boundary(bytes, start + limit) : bytes.Length;
        while (end <= start && end < bytes.Length)
        {
            end = Boundary(bytes, end + 1, forward: true);
        }

        return new OutputReply(
            Encoding.UTF8.GetString(bytes.AsSpan(start, end - start)), output.Partial, output.Truncated, bytes.Length, start, end < bytes.Length ? end : null);
    }

    private static int Boundary(byte[] bytes, int at, bool forward = false)
    {
        while (at > 0 && at < bytes.Length && (bytes[at] & 0xC0) == 0x80)
        {
            at += forward ? 1 : -1;
        }

        return at;
    }
}
