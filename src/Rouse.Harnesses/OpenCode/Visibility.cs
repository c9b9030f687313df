using System.Runtime.CompilerServices;

// The pure parts (history, signals, failures, ids) are tested one by one, beside the behaviour of the whole.
[assembly: InternalsVisibleTo("Rouse.Conformance")]
