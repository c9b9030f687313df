using System.Runtime.InteropServices;
using SQLitePCL;

namespace Rouse.Sqlite;

/// <summary>Binds SQLitePCLRaw to the operating system's own SQLite, so that its security updates reach Rouse and no native binary ships.</summary>
internal static class SystemSqlite
{
    public const string LibraryVariable = "ROUSE_SQLITE_LIBRARY";

    // 3.24 brought "ON CONFLICT DO UPDATE".
    private const int OldestVersion = 3_024_000;

    // Not a module initialiser: a missing library must be an error of the open, not of the type that happens to be loaded first.
    private static readonly Lazy<string?> Problem = new(Bind);

    /// <exception cref="DllNotFoundException">There is no usable SQLite on this machine.</exception>
    public static void Require()
    {
        if (Problem.Value is { } problem)
        {
            throw new DllNotFoundException(problem);
        }
    }

    private static string? Bind()
    {
        var library = Load();
        if (library == IntPtr.Zero)
        {
            return $"SQLite was not found. Install it (Debian and Ubuntu: apt-get install libsqlite3-0) or set {LibraryVariable} to its path.";
        }

        NativeLibrary.SetDllImportResolver(
            typeof(SQLite3Provider_e_sqlite3).Assembly,
            (name, _, _) => name == "e_sqlite3" ? library : IntPtr.Zero);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        raw.FreezeProvider();
        return raw.sqlite3_libversion_number() >= OldestVersion
            ? null
            : $"SQLite {raw.sqlite3_libversion().utf8_to_string()} is too old; Rouse needs 3.24 or newer. Update it or set {LibraryVariable} to another one.";
    }

    private static IntPtr Load()
    {
        foreach (var candidate in Candidates())
        {
            if (NativeLibrary.TryLoad(candidate, out var library))
            {
                return library;
            }
        }

        return IntPtr.Zero;
    }

    private static string[] Candidates() => Environment.GetEnvironmentVariable(LibraryVariable) switch
    {
        { Length: > 0 } chosen => [chosen],
        _ when OperatingSystem.IsWindows() => ["e_sqlite3.dll", "winsqlite3.dll"],
        _ when OperatingSystem.IsMacOS() => ["libsqlite3.dylib", "/usr/lib/libsqlite3.dylib"],
        _ => ["libsqlite3.so.0", "libsqlite3.so"],
    };
}
