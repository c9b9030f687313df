using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rouse.Sqlite;

/// <summary>Says in the lock file who owns the directory.</summary>
/// <param name="StartedAt">When the process started: a pid alone may be another process by now.</param>
/// <param name="Id">One per open, which tells two opens of one process apart.</param>
internal sealed record OwnerRecord(int Pid, DateTimeOffset StartedAt, string Host, Guid Id)
{
    // The system derives a start time from the time of boot, and every look is a little off.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    public bool IsThisProcess => IsThisHost && Pid == Environment.ProcessId && StartedNear(OfThisProcess().StartedAt);

    public bool IsThisHost => Host == Environment.MachineName;

    public static OwnerRecord OfThisProcess()
    {
        using var self = Process.GetCurrentProcess();
        return new OwnerRecord(Environment.ProcessId, new DateTimeOffset(self.StartTime).ToUniversalTime(), Environment.MachineName, Guid.NewGuid());
    }

    /// <summary>Null when nobody has signed, or what stands there is no record.</summary>
    public static OwnerRecord? Read(Stream file)
    {
        file.Position = 0;
        try
        {
            return JsonSerializer.Deserialize(file, OwnerJson.Default.OwnerRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Write(FileStream file)
    {
        file.SetLength(0);
        JsonSerializer.Serialize(file, this, OwnerJson.Default.OwnerRecord);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Whether the process runs. One of another host is believed to.</summary>
    public bool IsAlive()
    {
        if (!IsThisHost)
        {
            return true;
        }

        try
        {
            using var process = Process.GetProcessById(Pid);
            return !process.HasExited && !IsZombie() && StartedNear(new DateTimeOffset(process.StartTime));
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return false;
        }
        catch (Win32Exception)
        {
            // It is there and we may not look at it.
            return true;
        }
    }

    public override string ToString() => $"process {Pid} on {Host}, started {StartedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}";

    private bool StartedNear(DateTimeOffset time) => (time - StartedAt).Duration() <= Tolerance;

    /// <summary>A killed process that its parent has not collected still has its pid, and holds nothing.</summary>
    private bool IsZombie()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        // "pid (name) state ...", where the name may hold anything.
        var line = File.ReadAllText($"/proc/{Pid}/stat").AsSpan();
        return line[(line.LastIndexOf(')') + 1)..].TrimStart() is ['Z' or 'X', ..];
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OwnerRecord))]
internal sealed partial class OwnerJson : JsonSerializerContext;
