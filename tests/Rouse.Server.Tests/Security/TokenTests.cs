namespace Rouse.Server.Tests;

public sealed class TokenTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    private string TokenFile => Path.Combine(_data.Path, "token");

    public void Dispose() => _data.Dispose();

    [Fact]
    public void The_first_start_makes_a_token_that_only_its_owner_reads()
    {
        var token = AccessToken.LoadOrCreate(TokenFile);

        Assert.True(token.Matches(File.ReadAllText(TokenFile).Trim()));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(TokenFile));
        }

        Assert.Equal(["token"], Directory.GetFiles(_data.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_later_start_keeps_the_token()
    {
        AccessToken.LoadOrCreate(TokenFile);
        var first = File.ReadAllText(TokenFile);

        Assert.True(AccessToken.LoadOrCreate(TokenFile).Matches(first.Trim()));
        Assert.Equal(first, File.ReadAllText(TokenFile));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("with a space in its middle")]
    public void A_file_without_a_usable_token_is_refused_and_its_content_not_told(string content)
    {
        File.WriteAllText(TokenFile, content);

        var refusal = Assert.Throws<InvalidDataException>(() => AccessToken.LoadOrCreate(TokenFile));

        Assert.Contains(TokenFile, refusal.Message, StringComparison.Ordinal);
        Assert.True(content.Length == 0 || !refusal.Message.Contains(content, StringComparison.Ordinal));
    }
}
