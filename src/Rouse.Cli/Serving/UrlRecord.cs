using Rouse.Cli.Client;

namespace Rouse.Cli.Serving;

/// <summary>Says in the data directory where the node listens, for as long as it does, so that clients on the machine find it.</summary>
internal sealed class UrlRecord : IDisposable
{
    private readonly string _file;
    private readonly string _line;

    private UrlRecord(string file, string line)
    {
        _file = file;
        _line = line;
    }

    public static UrlRecord Write(string data, Uri url)
    {
        var record = new UrlRecord(new DataDirectory(data).UrlFile, url.ToString().TrimEnd('/') + "\n");

        // Moved whole: a client that reads at this moment finds the old address or the new one.
        var aside = record._file + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(aside, options))
        {
            writer.Write(record._line);
        }

        File.Move(aside, record._file, overwrite: true);
        return record;
    }

    public void Dispose()
    {
        // A node that came after this one may have written its own.
        if (File.Exists(_file) && File.ReadAllText(_file) == _line)
        {
            File.Delete(_file);
        }
    }
}
