using System.Text;

namespace Rouse.Harnesses.OpenCode.Server;

/// <summary>Writes a file that only its owner can read, in one step: nobody ever sees half of it, or a secret in a file that is open to others (HARN-2).</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static async ValueTask WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        var aside = $"{path}.{Environment.ProcessId}.tmp";
        File.Delete(aside);
        await using (var stream = new FileStream(aside, Options(FileMode.CreateNew, FileAccess.Write)))
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
            stream.Flush(flushToDisk: true);
        }

        File.Move(aside, path, overwrite: true);
    }

    public static FileStreamOptions Options(FileMode mode, FileAccess access)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }

    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }
}
