namespace Rouse.Sqlite;

/// <summary>
/// Times are kept as whole numbers of 100 ns since 1970 in UTC: exact, in order, and legible with
/// <c>datetime(at / 10000000, 'unixepoch')</c>.
/// </summary>
internal static class StoredTime
{
    public static long From(DateTimeOffset time) => time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;

    public static DateTimeOffset To(long stored) => new(stored + DateTimeOffset.UnixEpoch.UtcTicks, TimeSpan.Zero);
}
