using Rouse.Cli.Client;

namespace Rouse.Cli.Doctor;

/// <summary>Whether the data directory is there, can be written, and is its owner's alone.</summary>
internal static class DataDirectoryCheck
{
    private const string What = "data directory";
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static Finding Look(DataDirectory data)
    {
        if (!Directory.Exists(data.Path))
        {
            return new Finding(What, Health.Note, $"{data.Path} does not exist yet", "rouse serve makes it at its first start");
        }

        var probe = Path.Combine(data.Path, $".probe-{Path.GetRandomFileName()}");
        try
        {
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Finding(What, Health.Bad, $"{data.Path} cannot be written: {e.Message}", "give it to the user that runs Rouse, or choose another one with --data");
        }

        return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(data.Path) & Others) != UnixFileMode.None
            ? new Finding(What, Health.Note, $"{data.Path} can be read by others", $"chmod 700 {data.Path}")
            : new Finding(What, Health.Well, $"{data.Path} can be written");
    }
}
