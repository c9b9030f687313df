namespace Rouse.Core;

/// <summary>Placeholder until written.</summary>
public static class EventCodec;
