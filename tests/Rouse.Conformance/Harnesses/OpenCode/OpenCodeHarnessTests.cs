namespace Rouse.Conformance.Harnesses.OpenCode;

/// <summary>The promises of every harness, kept by the real OpenCode.</summary>
public sealed class OpenCodeHarnessTests(SharedWorld shared) : AskingHarnessSuite, IClassFixture<SharedWorld>
{
    protected override async Task<HarnessWorld> WorldAsync() => await shared.GetAsync();
}
