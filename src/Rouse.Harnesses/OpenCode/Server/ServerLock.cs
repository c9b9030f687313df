using System.Text;

namespace Rouse.Harnesses.OpenCode.Server;

/// <summary>
/// One Rouse manages a data directory at a time; OpenCode itself has no lock. The kernel frees it when its holder dies, however it dies.
/// </summary>
internal sealed class ServerLock : IDisposable
{
    private readonly FileStream _file;

    private ServerLock(FileStream file) => _file = file;

    /// <returns>Null when another process holds it.</returns>
    public static ServerLock? TryTake(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, PrivateFile.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite));
        }
        catch (IOException)
        {
            return null;
        }

        file.SetLength(0);
        file.Write(Encoding.UTF8.GetBytes($"{Environment.ProcessId}\n"));
        file.Flush();
        return new ServerLock(file);
    }

    public void Dispose() => _file.Dispose();
}
