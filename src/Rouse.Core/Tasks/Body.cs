using System.Security.Cryptography;
using System.Text;

namespace Rouse.Core;

/// <summary>A large text (a prompt, a result) together with the reference under which the journal holds it.</summary>
public sealed record Body(BodyRef Ref, string Text)
{
    public static Body Of(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new Body(new BodyRef(Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length), text);
    }
}
