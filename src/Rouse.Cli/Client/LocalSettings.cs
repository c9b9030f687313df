using System.CommandLine;
using Rouse.Server;

namespace Rouse.Cli.Client;

/// <summary>What the configuration of a node on this machine, as this process sees it, says to its clients.</summary>
/// <param name="Url">Where it is to listen; null when the configuration does not say, or cannot be read.</param>
internal sealed record LocalSettings(DataDirectory Data, Uri? Url)
{
    /// <summary>Never fails: a client works without a configuration, and <c>rouse doctor</c> says what is wrong with one.</summary>
    public static LocalSettings Of(ParseResult parse)
    {
        var flag = parse.GetValue(GlobalOptions.Data);
        var sources = SettingsSources.OfProcess(configFile: null, flag is null ? [] : [new SettingOverride(["data"], flag, "--data")]);
        try
        {
            return Of(RouseSettings.Load(sources));
        }
        catch (ConfigurationException)
        {
            // Without the file and the rest of the environment only the directory is left to be wrong.
            var data = flag ?? sources.Environment.GetValueOrDefault("ROUSE__data") ?? "~/.local/share/rouse";
            return new LocalSettings(new DataDirectory(Absolute(data, sources)), Url: null);
        }
    }

    private static LocalSettings Of(RouseSettings settings) =>
        new(new DataDirectory(settings.Data), settings.Url.Endpoint.Port == 0 ? null : settings.Url.At(settings.Url.Endpoint.Port));

    private static string Absolute(string path, SettingsSources sources) =>
        Path.GetFullPath(path.StartsWith('~') ? sources.HomeDirectory + path[1..] : path, sources.WorkingDirectory);
}
