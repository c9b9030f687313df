using System.Globalization;

namespace Rouse.Sqlite;

/// <summary>Where a list of obligations goes on: behind one that is due then, and among those of the same time behind this id.</summary>
internal readonly record struct ObligationCursor(long Due, long Id)
{
    public static ObligationCursor Start => new(long.MinValue, 0);

    /// <exception cref="ArgumentException">The text was not made by <see cref="ToString"/>.</exception>
    public static ObligationCursor Parse(string text) =>
        text.Split(':') is [var due, var id]
        && long.TryParse(due, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time)
        && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new ObligationCursor(time, number)
            : throw new ArgumentException($"'{text}' is no cursor of a list of obligations.", nameof(text));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Due}:{Id}");
}
