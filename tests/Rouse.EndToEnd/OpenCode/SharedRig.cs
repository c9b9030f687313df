namespace Rouse.EndToEnd.OpenCode;

/// <summary>
/// One rig for the tests of a class. It is started by the first test that asks and not by the fixture itself, because only a test can be
/// skipped.
/// </summary>
public sealed class SharedRig : IAsyncDisposable
{
    private OpenCodeRig? _rig;

    public async Task<OpenCodeRig> GetAsync() =>
        _rig ??= await OpenCodeRig.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _rig?.DisposeAsync() ?? ValueTask.CompletedTask;
}
