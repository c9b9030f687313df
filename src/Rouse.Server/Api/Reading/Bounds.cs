namespace Rouse.Server;

/// <summary>How large the parts of a request may be. <c>docs/http-api.md</c> names them.</summary>
internal static class Bounds
{
    /// <summary>Characters of a name: an agent, a model, an instance, a group.</summary>
    public const int Name = 200;

    /// <summary>Characters of a harness's own session id.</summary>
    public const int SessionId = 200;

    public const int Description = 2_000;

    /// <summary>Characters of a path.</summary>
    public const int Directory = 4_096;

    /// <summary>Characters of a permission's pattern.</summary>
    public const int Pattern = 1_000;

    /// <summary>Bytes of a prompt.</summary>
    public const int Prompt = 512 * 1024;

    /// <summary>Bytes of a system text.</summary>
    public const int System = 128 * 1024;

    public const int Fallbacks = 10;

    public const int Tools = 200;

    public const int Permissions = 200;

    /// <summary>Notices acknowledged at once.</summary>
    public const int Notices = 1_000;
}
