using Rouse.Harnesses.OpenCode.Wire;

namespace Rouse.Harnesses.OpenCode.Prompts;

/// <summary>A model as Rouse names it, <c>provider/model</c>; the model's own name may hold further slashes.</summary>
internal sealed record ModelName(string Provider, string Model)
{
    public static ModelName? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < text.Length - 1 ? new ModelName(text[..slash], text[(slash + 1)..]) : null;
    }

    public WireModel ToWire() => new() { ProviderId = Provider, ModelId = Model };

    public override string ToString() => $"{Provider}/{Model}";
}
