using System.Globalization;

namespace Rouse.Harnesses.Processes;

/// <summary>Reads <c>/proc</c>. Where there is none, no process is known and none is signalled.</summary>
internal static class ProcessTable
{
    private static readonly Lazy<string> BootId = new(() => ReadText("/proc/sys/kernel/random/boot_id")?.Trim() ?? "");

    public static string Boot => BootId.Value;

    public static IReadOnlyList<ProcessEntry> ReadAll()
    {
        if (!Directory.Exists("/proc"))
        {
            return [];
        }

        var entries = new List<ProcessEntry>();
        foreach (var path in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Read(id) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    public static ProcessEntry? Read(int id) => ReadText($"/proc/{id}/stat") is { } line ? Parse(id, line) : null;

    /// <summary>Whether the process was started with that variable. Those of other users cannot be read, and are none of ours.</summary>
    public static bool HasVariable(int id, string name, string value) =>
        ReadText($"/proc/{id}/environ")?.Split('\0').Contains($"{name}={value}", StringComparer.Ordinal) == true;

    /// <summary>
    /// The fields follow the command's name in parentheses, which may itself hold spaces and parentheses: hence from the last one on.
    /// </summary>
    public static ProcessEntry? Parse(int id, string line)
    {
        var fields = line[(line.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19
            && Number(fields[1]) is { } parent
            && Number(fields[3]) is { } session
            && Number(fields[19]) is { } start
            ? new ProcessEntry(id, (int)parent, (int)session, start, fields[0] is "Z" or "X")
            : null;
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A process may end between being listed and being read: then there is nothing to read.</summary>
    private static string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}
