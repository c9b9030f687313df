namespace Rouse.Core;

/// <summary>One rule of what a child session may do; each harness adapter translates it into what its harness enforces.</summary>
/// <param name="Permission">What is asked for, such as <c>webfetch</c>.</param>
/// <param name="Pattern">Which uses of it, <c>*</c> for all.</param>
/// <param name="Action"><c>allow</c>, <c>ask</c> or <c>deny</c>.</param>
public sealed record PermissionRule(string Permission, string Pattern, string Action);
