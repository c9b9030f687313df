using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Rouse.Server;

/// <summary>The token that callers must bring. Kept as a hash, and compared without telling by the time taken how much of a guess was right.</summary>
internal sealed class AccessToken(string token)
{
    private const int Shortest = 16;
    private const int Longest = 512;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public bool Matches(string sent) => CryptographicOperations.FixedTimeEquals(_hash, SHA256.HashData(Encoding.UTF8.GetBytes(sent)));

    /// <summary>Reads the token, or makes it at the first start: in a file of the owner's alone before it holds anything.</summary>
    /// <exception cref="InvalidDataException">The file holds no usable token.</exception>
    public static AccessToken LoadOrCreate(string file)
    {
        if (!File.Exists(file))
        {
            Create(file);
        }

        var text = File.ReadAllText(file).Trim();
        return text.Length is >= Shortest and <= Longest && text.All(c => c is > ' ' and <= '~')
            ? new AccessToken(text)
            : throw new InvalidDataException(
                $"The file '{file}' must hold a token of {Shortest} to {Longest} visible ASCII characters. Delete it to have one made.");
    }

    private static void Create(string file)
    {
        // Written aside and moved whole: a start that is cut off leaves no half of a token behind.
        var aside = $"{file}.{Path.GetRandomFileName()}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var stream = new FileStream(aside, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)) + "\n"));
            stream.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(aside, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            // Another start was first: its token holds.
            File.Delete(aside);
        }
    }
}
