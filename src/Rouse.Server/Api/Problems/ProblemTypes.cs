namespace Rouse.Server;

/// <summary>The stable names of problems. A refusal of the engine brings its own word, which takes the same form.</summary>
internal static class ProblemTypes
{
    public const string Invalid = "urn:rouse:invalid";
    public const string Unauthorized = "urn:rouse:unauthorized";
    public const string ForeignHost = "urn:rouse:foreign-host";
    public const string ForeignOrigin = "urn:rouse:foreign-origin";
    public const string NotFound = "urn:rouse:not-found";
    public const string UnknownRoute = "urn:rouse:unknown-route";
    public const string MethodNotAllowed = "urn:rouse:method-not-allowed";
    public const string TooSlow = "urn:rouse:too-slow";
    public const string TooLarge = "urn:rouse:too-large";
    public const string UnsupportedMediaType = "urn:rouse:unsupported-media-type";
    public const string JournalUnavailable = "urn:rouse:journal-unavailable";
    public const string Stopping = "urn:rouse:stopping";
    public const string Internal = "urn:rouse:internal";

    public static string Of(string word) => $"urn:rouse:{word}";
}
