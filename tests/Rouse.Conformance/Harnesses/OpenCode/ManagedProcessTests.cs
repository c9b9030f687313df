using Rouse.Engine;
using Rouse.Harnesses.Processes;

namespace Rouse.Conformance.Harnesses.OpenCode;

/// <summary>The processes of an OpenCode that Rouse starts.</summary>
public sealed class ManagedProcessTests : ProcessSuite
{
    protected override async Task<ProcessWorld> WorldAsync()
    {
        var rig = new ManagedServerRig();
        return new World(rig, await rig.OpenAsync(stop: true));
    }

    private sealed class World(ManagedServerRig rig, IHarness harness) : ProcessWorld
    {
        public override IHarness Harness => harness;

        public override NewSession NewSession(string key) => ManagedServerRig.NewSession(key);

        public override string RunsTool() => """TOOL:bash:{"command":"sleep 600","description":"wait"}""";

        internal override async Task<ProcessIdentity> ProcessAsync(CancellationToken cancellationToken) =>
            (await rig.RecordAsync() ?? throw new InvalidOperationException("No server is recorded.")).Process;

        internal override bool IsTool(ProcessIdentity process) =>
            File.Exists($"/proc/{process.Id}/comm") && File.ReadAllText($"/proc/{process.Id}/comm") == "sleep\n";

        public override async ValueTask DisposeAsync()
        {
            await harness.DisposeAsync();
            await rig.DisposeAsync();
        }
    }
}
