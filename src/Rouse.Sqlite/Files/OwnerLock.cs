using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>
/// Keeps a second process out of the directory. Two things say who owns it: a shared lock of the operating system, which the system lifts
/// when the process dies however it dies, and the record in the file, which names the owner to people and to whom it turns away.
/// </summary>
/// <remarks>
/// To sign, the exclusive lock is taken, and then given up for the shared one, which lets everybody read who it is. Whoever gets in
/// between signs over us; so after the shared lock is held the record is read once more, and only who finds his own name owns the directory.
/// </remarks>
internal sealed class OwnerLock : IDisposable
{
    private const int Tries = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly string _path;
    private readonly FileStream _held;

    private OwnerLock(string path, FileStream held)
    {
        _path = path;
        _held = held;
    }

    /// <exception cref="JournalOpenException">Somebody else owns the directory, or the lock file cannot be written.</exception>
    public static OwnerLock Take(string path)
    {
        var self = OwnerRecord.OfThisProcess();
        for (var attempt = 1; ; attempt++)
        {
            var (held, owner) = TryTake(path, self);
            if (held is not null)
            {
                return new OwnerLock(path, held);
            }

            // Locked, and nobody alive has signed: somebody is between two steps, or only looks.
            if (attempt == Tries || owner?.IsAlive() == true)
            {
                throw new JournalOpenException(
                    $"The data directory '{Path.GetDirectoryName(path)}' is in use by {Named(owner)}. "
                    + "Stop that process, or choose another data directory.");
            }

            Thread.Sleep(Pause);
        }
    }

    public void Dispose()
    {
        // Emptied and not deleted: a deleted file can be locked by one process while another makes and locks a new one.
        using (var file = TryOpen(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file?.SetLength(0);
        }

        _held.Dispose();
    }

    private static (FileStream? Held, OwnerRecord? Owner) TryTake(string path, OwnerRecord self)
    {
        using (var claim = TryOpen(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            if (claim is null)
            {
                using var looked = TryOpen(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                return (null, looked is null ? null : OwnerRecord.Read(looked));
            }

            // Not every file system keeps locks; there the record alone protects a live owner. A host's name proves nothing then:
            // a restarted container has another one.
            if (OwnerRecord.Read(claim) is { IsThisHost: true, IsThisProcess: false } previous && previous.IsAlive())
            {
                return (null, previous);
            }

            Sign(claim, self);
        }

        var held = TryOpen(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var owner = held is null ? null : OwnerRecord.Read(held);
        if (owner?.Id == self.Id)
        {
            return (held, owner);
        }

        held?.Dispose();
        return (null, owner);
    }

    private static void Sign(FileStream claim, OwnerRecord self)
    {
        try
        {
            self.Write(claim);
        }
        catch (IOException error)
        {
            throw CannotWrite(claim.Name, error);
        }
    }

    /// <summary>Null when another holds a lock that does not allow this one.</summary>
    private static FileStream? TryOpen(string path, FileMode mode, FileAccess access, FileShare share)
    {
        try
        {
            var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
            if (mode == FileMode.OpenOrCreate && !OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            return new FileStream(path, options);
        }
        catch (UnauthorizedAccessException error)
        {
            throw CannotWrite(path, error);
        }
        catch (IOException error) when (IsSharingViolation(error))
        {
            return null;
        }
        catch (IOException error)
        {
            throw CannotWrite(path, error);
        }
    }

    // 11 and 35 are EWOULDBLOCK of Linux and of macOS; the other is Windows' ERROR_SHARING_VIOLATION.
    private static bool IsSharingViolation(IOException error) => error.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static string Named(OwnerRecord? owner) => owner switch
    {
        null => "another process, which has not said its name yet",
        { IsThisProcess: true } => $"this very process ({owner})",
        _ => owner.ToString(),
    };

    private static JournalOpenException CannotWrite(string path, Exception error) => new(
        $"The lock file '{path}' cannot be written: {error.Message} Check that it lies in a directory whose owner and mode allow it, "
        + "that the disk is not full and that the file system is not mounted read-only.",
        error);
}
