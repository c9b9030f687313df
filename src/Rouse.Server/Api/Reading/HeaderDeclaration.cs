namespace Rouse.Server;

/// <summary>A header that an endpoint reads, as its metadata.</summary>
internal sealed record HeaderDeclaration(string Name, string Description);
