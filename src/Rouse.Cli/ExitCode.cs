namespace Rouse.Cli;

/// <summary>What the program ends with; <c>docs/cli.md</c> promises these to scripts.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>It was tried and did not succeed.</summary>
    public const int Failed = 1;

    /// <summary>The command line, a value in it, or the configuration is wrong. Nothing was done.</summary>
    public const int Usage = 2;

    public const int TimeLimit = 3;

    public const int Unreachable = 4;

    /// <summary>Ended by a signal: what a shell reports for Ctrl-C.</summary>
    public const int Interrupted = 130;
}
