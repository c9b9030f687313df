using Rouse.Server;

namespace Rouse.Cli.Doctor;

/// <summary>Whether <c>rouse serve</c> would accept the configuration.</summary>
internal static class ConfigurationCheck
{
    private const string What = "configuration";

    public static IEnumerable<Finding> Look(string? file, string? data)
    {
        try
        {
            var settings = RouseSettings.Load(SettingsSources.OfProcess(file, data is null ? [] : [new SettingOverride(["data"], data, "--data")]));
            var from = settings.File ?? "no file, defaults and environment";
            return settings.Instances.IsEmpty
                ? [new Finding(What, Health.Note, $"valid ({from}), without an instance", "name a harness under 'instances' in rouse.json; without one nothing can be delegated")]
                : [new Finding(What, Health.Well, $"valid ({from}), instances: {string.Join(", ", settings.Instances.Select(i => i.Name))}")];
        }
        catch (ConfigurationException wrong)
        {
            return wrong.Problems.Select(p => new Finding(What, Health.Bad, p.ToString(), "correct it; rouse serve will not start before"));
        }
    }
}
