using Rouse.EndToEnd.OpenCode;

namespace Rouse.Conformance.Harnesses.OpenCode;

/// <summary>One OpenCode for the tests of a class, started by the first that asks.</summary>
public sealed class SharedWorld : IAsyncDisposable
{
    private OpenCodeRig? _rig;
    private OpenCodeWorld? _world;

    public async Task<OpenCodeWorld> GetAsync()
    {
        _rig ??= await OpenCodeRig.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        return _world ??= new OpenCodeWorld(_rig);
    }

    public async ValueTask DisposeAsync()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }

        if (_rig is not null)
        {
            await _rig.DisposeAsync();
        }
    }
}
