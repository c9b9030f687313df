using SQLitePCL;

namespace Rouse.Sqlite;

/// <summary>SQLite refused a call. Never leaves this project: callers get one of the journal's exceptions, which say what to do.</summary>
/// <param name="code">The extended result code.</param>
internal sealed class SqliteFailureException(int code, string message) : Exception($"{message} (SQLite error {code & 0xff}, extended {code})")
{
    /// <summary>The primary result code, one of <c>raw.SQLITE_*</c>.</summary>
    public int Code => code & 0xff;

    /// <summary>Why it happened and what to do about it, as two sentences for people.</summary>
    public string Advice => Code switch
    {
        raw.SQLITE_FULL => "The disk is full or the file has reached its size limit. Free space or raise the limit, then try again.",
        raw.SQLITE_IOERR => "The disk did not read or write. Check the disk, its free space and the quota, then try again.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "Another program holds the file's write lock, such as a backup or an sqlite3 shell. Let it finish, then try again.",
        raw.SQLITE_READONLY or raw.SQLITE_PERM => "The file cannot be written. Check its owner, its mode and whether the file system is mounted read-only.",
        raw.SQLITE_CANTOPEN => "The file cannot be opened. Check that the directory exists and that its owner and mode allow it.",
        raw.SQLITE_CORRUPT => "The file is damaged. Stop Rouse, and restore a backup or rescue what is left with 'sqlite3 rouse.db .recover'.",
        raw.SQLITE_NOTADB => "The file is not an SQLite database, or its header is damaged. Move it away to start anew, or restore a backup.",
        raw.SQLITE_NOMEM => "There was not enough memory. Free some, then try again.",
        _ => "This is not expected; please report it with this message.",
    };
}
