using System.Diagnostics;

namespace Rouse.EndToEnd.OpenCode;

/// <summary>The pinned OpenCode binary. Installed on first use, once for the machine.</summary>
public abstract record OpenCodeInstall
{
    private const string Version = "1.18.33";
    private const int CannotBeInstalledHere = 3;

    private static readonly SemaphoreSlim s_oneAtATime = new(1);
    private static OpenCodeInstall? s_found;

    private OpenCodeInstall()
    {
    }

    /// <summary>The binary is at <paramref name="Binary"/>.</summary>
    public sealed record Available(string Binary) : OpenCodeInstall;

    /// <summary>There is none, for <paramref name="Reason"/>.</summary>
    public sealed record Missing(string Reason) : OpenCodeInstall;

    /// <summary>
    /// Returns the path of the binary. Without one the test is skipped, or fails where <c>CI=true</c> says that nothing may be left out.
    /// </summary>
    public static async Task<string> RequireAsync(CancellationToken cancellationToken)
    {
        switch (await FindAsync(cancellationToken))
        {
            case Available available:
                return available.Binary;
            case Missing missing when Environment.GetEnvironmentVariable("CI") == "true":
                Assert.Fail($"OpenCode is required in CI. {missing.Reason}");
                break;
            case Missing missing:
                Assert.Skip(missing.Reason);
                break;
        }

        throw new UnreachableException();
    }

    public static async Task<OpenCodeInstall> FindAsync(CancellationToken cancellationToken)
    {
        await s_oneAtATime.WaitAsync(cancellationToken);
        try
        {
            return s_found ??= File.Exists(BinaryPath) ? new Available(BinaryPath) : await InstallAsync(cancellationToken);
        }
        finally
        {
            s_oneAtATime.Release();
        }
    }

    private static string BinaryPath { get; } =
        Path.Combine(RepositoryRoot.Path, ".cache", "opencode", Version, "node_modules", "opencode-linux-x64", "bin", "opencode");

    private static async Task<OpenCodeInstall> InstallAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new Missing("OpenCode is tested on linux x64 only.");
        }

        var script = Path.Combine(RepositoryRoot.Path, "eng", "install-opencode");
        using var install = Process.Start(new ProcessStartInfo("bash", [script])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = install.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = install.StandardError.ReadToEndAsync(cancellationToken);
        await install.WaitForExitAsync(cancellationToken);

        return install.ExitCode switch
        {
            0 => new Available((await output).TrimEnd().Split('\n')[^1]),
            CannotBeInstalledHere => new Missing($"OpenCode cannot be installed here: {await errors}"),
            var code => new Missing($"eng/install-opencode failed with {code}: {await errors}"),
        };
    }
}
