using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>The directory of a journal and the files in it.</summary>
internal sealed class JournalFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public JournalFiles(string directory)
    {
        Directory = Path.GetFullPath(directory);
        Database = Path.Combine(Directory, "rouse.db");
        Lock = Path.Combine(Directory, "rouse.lock");
    }

    public string Directory { get; }

    public string Database { get; }

    public string Lock { get; }

    /// <exception cref="JournalOpenException">The directory does not exist and cannot be made.</exception>
    public void CreateDirectory()
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                System.IO.Directory.CreateDirectory(Directory);
            }
            else
            {
                System.IO.Directory.CreateDirectory(Directory, OwnerOnly | UnixFileMode.UserExecute);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalOpenException(
                $"The journal's directory '{Directory}' cannot be created: {error.Message} Choose another directory, or correct what stands in its place.",
                error);
        }
    }

    /// <summary>
    /// Makes sure that the database file is its owner's alone; SQLite gives the files beside it the same mode. Only before SQLite has opened
    /// the file: closing any handle of a file drops the locks that this process holds on it.
    /// </summary>
    /// <exception cref="JournalOpenException">The file cannot be created or is not ours.</exception>
    public void CreateDatabase()
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using var file = new FileStream(Database, options);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file.SafeFileHandle, OwnerOnly);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalOpenException(
                $"The journal '{Database}' cannot be written: {error.Message} Check the owner and mode of the file and its directory, "
                + "and whether the file system is mounted read-only.",
                error);
        }
    }
}
