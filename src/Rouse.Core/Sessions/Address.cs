namespace Rouse.Core;

/// <summary>Where a session lives: the instance that runs it, and the harness's own id of it.</summary>
/// <param name="Instance">The configured name of the instance, such as <c>opencode@main</c>.</param>
/// <param name="Id">The harness's own id of the session.</param>
public sealed record Address(string Instance, string Id)
{
    public override string ToString() => $"{Instance}/{Id}";
}
