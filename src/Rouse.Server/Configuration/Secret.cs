using System.Diagnostics;

namespace Rouse.Server;

/// <summary>A value that must not be shown. Only <see cref="Reveal"/> gives it; printing, logging or serializing a secret does not.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class Secret(string value, string source)
{
    private readonly string _value = value;
    private readonly string _source = source;

    /// <summary>The value itself, for the one call that needs it.</summary>
    public string Reveal() => _value;

    /// <summary>Where it came from, such as <c>secret of env:OPENCODE_SERVER_PASSWORD</c>.</summary>
    public override string ToString() => $"secret of {_source}";
}
