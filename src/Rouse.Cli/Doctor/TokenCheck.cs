using Rouse.Cli.Client;

namespace Rouse.Cli.Doctor;

/// <summary>Whether the token is there and its owner's alone.</summary>
internal static class TokenCheck
{
    private const string What = "token";
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static Finding Look(DataDirectory data)
    {
        var file = data.TokenFile;
        if (!File.Exists(file))
        {
            return new Finding(What, Health.Note, $"{file} does not exist yet", "rouse serve makes it at its first start");
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & ~Owner) != UnixFileMode.None)
        {
            return new Finding(What, Health.Bad, $"{file} can be read by others", $"chmod 600 {file}, or delete it and start rouse serve again for a new one");
        }

        return data.Token() is null
            ? new Finding(What, Health.Bad, $"{file} is empty or cannot be read", "delete it and start rouse serve again for a new one")
            : new Finding(What, Health.Well, $"{file} is its owner's alone");
    }
}
