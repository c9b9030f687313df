namespace Rouse.Engine;

/// <summary>The journal cannot be used now; the message says what, where, why and what to do. A later try may succeed.</summary>
public sealed class JournalUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The journal cannot be opened at all: another process owns it, it is newer than this program, or the file is broken.</summary>
public sealed class JournalOpenException(string message, Exception? inner = null) : Exception(message, inner);
