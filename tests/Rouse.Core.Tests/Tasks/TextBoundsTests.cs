using System.Text;

namespace Rouse.Core.Tests;

public sealed class TextBoundsTests
{
    // NOTE-9
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData(" \n\t\r\n ", null)]
    [InlineData("\u200b\u0000", null)]
    [InlineData("one\ntwo", "one")]
    [InlineData("\n\n  two  \nthree", "two")]
    [InlineData("a\u2028b", "a")]
    [InlineData("a\u0085b", "a")]
    [InlineData("a\tb", "a b")]
    [InlineData("re\u202everse\u0007", "reverse")]
    public void One_line_is_the_first_with_something_on_it(string? text, string? line) => Assert.Equal(line, TextBounds.OneLine(text, 240));

    [Fact]
    public void A_long_line_is_cut_with_an_ellipsis_within_the_bound()
    {
        var line = TextBounds.OneLine(new string('x', 500), 240)!;

        Assert.Equal((240, '…'), (line.Length, line[^1]));
        Assert.Equal(new string('x', 240), TextBounds.OneLine(new string('x', 240), 240));
    }

    [Fact]
    public void A_head_is_never_longer_than_its_bound_and_never_ends_in_half_a_character()
    {
        const string Text = "a😀b😀😀 c";
        for (var most = 1; most < 14; most++)
        {
            var head = TextBounds.Head(Text, most);

            Assert.True(head.Length <= most, $"{most}: {head}");
            Assert.Equal(head, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(head)));
        }
    }

    // DONE-11, HARN-11
    [Fact]
    public void Bytes_are_cut_between_characters()
    {
        const string Text = "aé漢😀z";
        var whole = Encoding.UTF8.GetBytes(Text);
        for (var bytes = 0; bytes <= whole.Length; bytes++)
        {
            var head = TextBounds.HeadBytes(Text, bytes);

            Assert.StartsWith(head, Text, StringComparison.Ordinal);
            Assert.True(Encoding.UTF8.GetByteCount(head) <= bytes);
            Assert.True(bytes - Encoding.UTF8.GetByteCount(head) < 4, "a whole character more would have fitted");
        }

        Assert.Equal(Text, TextBounds.HeadBytes(Text, whole.Length));
    }

    [Fact]
    public void Text_with_half_characters_in_it_is_cut_as_well()
    {
        Assert.Equal("a\ud800", TextBounds.HeadBytes("a\ud800b", 4));
        Assert.Equal("a", TextBounds.HeadBytes("a\ud800b", 3));
    }
}
