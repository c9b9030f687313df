using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Journals;

/// <summary>What every <see cref="ITranscripts"/> must hold, in code.</summary>
public abstract class TranscriptSuite : IAsyncLifetime
{
    private static readonly Address Session = new("chat@main", "one");

    private ITranscripts? _transcripts;

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private ITranscripts Transcripts => _transcripts ?? throw new InvalidOperationException("The store is not open.");

    public async ValueTask InitializeAsync() => _transcripts = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await RemoveAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_conversation_is_found_by_its_address_and_by_its_key()
    {
        Assert.True(await CreateAsync(Session, "key", "head"));

        foreach (var found in new[] { await Transcripts.FindAsync(Session, Cancelled), await Transcripts.FindByKeyAsync("chat@main", "key", Cancelled) })
        {
            Assert.NotNull(found);
            Assert.Equal((Session, "key", "head", 0), (found.Session, found.Key, Sample.Text(found.Data), found.Messages));
        }
    }

    [Fact]
    public async Task Creating_again_changes_nothing()
    {
        Assert.True(await CreateAsync(Session, "key", "first"));

        Assert.False(await CreateAsync(Session, "other key", "second"));
        Assert.False(await CreateAsync(new Address("chat@main", "two"), "key", "second"));

        Assert.Equal("first", Sample.Text((await Transcripts.FindAsync(Session, Cancelled))!.Data));
        Assert.Null(await Transcripts.FindAsync(new Address("chat@main", "two"), Cancelled));
        Assert.Null(await Transcripts.FindByKeyAsync("chat@main", "other key", Cancelled));
    }

    [Fact]
    public async Task Conversations_without_a_key_and_those_of_other_instances_do_not_conflict()
    {
        Assert.True(await CreateAsync(Session, key: null));
        Assert.True(await CreateAsync(new Address("chat@main", "two"), key: null));
        Assert.True(await CreateAsync(new Address("chat@main", "three"), "key"));
        Assert.True(await CreateAsync(new Address("chat@side", "three"), "key"));

        Assert.Equal(["one", "two", "three"], (await Transcripts.ListAsync("chat@main", Cancelled)).Select(t => t.Session.Id));
    }

    [Fact]
    public async Task Of_many_that_create_with_one_key_one_succeeds()
    {
        var created = await Task.WhenAll(Enumerable.Range(0, 32).Select(
            n => Task.Run(async () => await CreateAsync(new Address("chat@main", $"{n}"), "key"), Cancelled)));

        Assert.Single(created, isCreated => isCreated);
        Assert.Single(await Transcripts.ListAsync("chat@main", Cancelled));
    }

    [Fact]
    public async Task Messages_are_numbered_from_one_in_the_order_of_arrival()
    {
        await CreateAsync(Session);
        Assert.Equal(1, await AppendAsync("a"));
        Assert.Equal(2, await AppendAsync(""));
        Assert.Equal(3, await AppendAsync("c", "key"));

        var messages = await Transcripts.MessagesAsync(Session, after: 0, Cancelled);

        Assert.Equal([(1, null, "a"), (2, null, ""), (3, "key", "c")], messages.Select(m => (m.Number, m.Key, Sample.Text(m.Data))));
        Assert.Equal([3], (await Transcripts.MessagesAsync(Session, after: 2, Cancelled)).Select(m => m.Number));
        Assert.Equal(3, (await Transcripts.FindAsync(Session, Cancelled))!.Messages);
    }

    [Fact]
    public async Task A_message_with_a_known_key_is_not_appended()
    {
        await CreateAsync(Session);
        await CreateAsync(new Address("chat@main", "two"));
        await AppendAsync("a", "k1");
        await AppendAsync("b", "k2");

        Assert.Equal(1, await AppendAsync("again", "k1"));
        Assert.Equal(1, await Transcripts.AppendAsync(new Address("chat@main", "two"), "k1", Sample.Bytes("elsewhere"), Cancelled));

        Assert.Equal(["a", "b"], (await Transcripts.MessagesAsync(Session, after: 0, Cancelled)).Select(m => Sample.Text(m.Data)));
    }

    [Fact]
    public async Task Many_that_append_at_once_leave_no_gap()
    {
        await CreateAsync(Session);

        var numbers = await Task.WhenAll(Enumerable.Range(0, 100).Select(n => Task.Run(async () => await AppendAsync($"{n}", $"k{n / 2}"), Cancelled)));

        Assert.Equal(Enumerable.Range(1, 50).SelectMany(n => new int?[] { n, n }), numbers.Order());
        Assert.Equal(Enumerable.Range(1, 50), (await Transcripts.MessagesAsync(Session, after: 0, Cancelled)).Select(m => m.Number));
    }

    [Fact]
    public async Task The_head_is_replaced_and_the_messages_stay()
    {
        await CreateAsync(Session, "key", "first");
        await AppendAsync("a");

        Assert.True(await Transcripts.UpdateAsync(Session, Sample.Bytes("second"), Cancelled));

        var found = (await Transcripts.FindByKeyAsync("chat@main", "key", Cancelled))!;
        Assert.Equal(("second", 1), (Sample.Text(found.Data), found.Messages));
    }

    [Fact]
    public async Task A_deleted_conversation_is_gone_with_its_messages_and_its_key()
    {
        await CreateAsync(Session, "key");
        await AppendAsync("a", "k1");

        Assert.True(await Transcripts.DeleteAsync(Session, Cancelled));
        Assert.False(await Transcripts.DeleteAsync(Session, Cancelled));

        Assert.Null(await Transcripts.FindAsync(Session, Cancelled));
        Assert.Null(await Transcripts.FindByKeyAsync("chat@main", "key", Cancelled));
        Assert.Empty(await Transcripts.ListAsync("chat@main", Cancelled));
        Assert.True(await CreateAsync(Session, "key"));
        Assert.Empty(await Transcripts.MessagesAsync(Session, after: 0, Cancelled));
        Assert.Equal(1, await AppendAsync("anew", "k1"));
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_changed()
    {
        Assert.Null(await Transcripts.FindAsync(Session, Cancelled));
        Assert.Null(await AppendAsync("a"));
        Assert.False(await Transcripts.UpdateAsync(Session, Sample.Bytes("head"), Cancelled));
        Assert.Empty(await Transcripts.MessagesAsync(Session, after: 0, Cancelled));
        Assert.Empty(await Transcripts.ListAsync("chat@main", Cancelled));
    }

    /// <summary>Opens an empty store for this test.</summary>
    protected abstract ValueTask<ITranscripts> OpenAsync();

    /// <summary>Closes and removes the store of this test.</summary>
    protected abstract ValueTask RemoveAsync();

    private ValueTask<bool> CreateAsync(Address session, string? key = null, string head = "") =>
        Transcripts.CreateAsync(session, key, Sample.Bytes(head), Cancelled);

    private ValueTask<int?> AppendAsync(string message, string? key = null) =>
        Transcripts.AppendAsync(Session, key, Sample.Bytes(message), Cancelled);
}
