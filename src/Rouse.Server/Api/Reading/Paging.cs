namespace Rouse.Server;

/// <summary>How every list is read in pages.</summary>
internal static class Paging
{
    private const int Normal = 100;
    private const int Most = 1_000;

    public static readonly QueryParameter After = new("after", "Goes on behind a page: the `next` of that page.");
    public static readonly QueryParameter Limit = new("limit", $"Items of a page, 1 to {Most}; {Normal} unless given.", IsNumber: true);

    public static int Size(QueryReader query) => query.Integer(Limit, Normal, 1, Most);

    public static string? Cursor(QueryReader query) => query.Text(After, 200);
}
