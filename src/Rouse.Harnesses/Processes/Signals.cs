using System.Runtime.InteropServices;

namespace Rouse.Harnesses.Processes;

/// <summary>The two signals that end a process; the base library sends only the second.</summary>
internal static class Signals
{
    public const int Kill = 9;

    public const int Terminate = 15;

    /// <summary>The process may have ended in the meantime: what counts is whether it is seen gone afterwards.</summary>
    public static void Send(int process, int signal) => _ = NativeKill(process, signal);

    [DllImport("libc", EntryPoint = "kill", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeKill(int process, int signal);
}
