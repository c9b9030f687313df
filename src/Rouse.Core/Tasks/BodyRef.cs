namespace Rouse.Core;

/// <summary>Refers to a text that the journal holds once, by the hash of its content.</summary>
/// <param name="Hash">SHA-256 of the UTF-8 text, in lower case hexadecimal.</param>
/// <param name="Size">Length of the UTF-8 text in bytes.</param>
public sealed record BodyRef(string Hash, int Size);
