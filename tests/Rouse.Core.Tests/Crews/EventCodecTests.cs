using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rouse.Core.Tests;

public sealed class EventCodecTests
{
    /// <summary>What every version writes; all else may be missing in what an older one wrote.</summary>
    private static readonly HashSet<string> Always = new(StringComparer.Ordinal)
    {
        "session", "task", "notice", "wake", "address", "instance", "id", "spec", "from", "agent", "prompt", "hash", "size", "goal", "attempt", "outcome", "status", "result",
    };

    public static TheoryData<int> Samples => [.. Enumerable.Range(0, SampleEvents.All.Count)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void An_event_is_read_as_it_was_written(int sample)
    {
        var e = SampleEvents.All[sample];
        var stored = EventCodec.Encode(e);

        var read = EventCodec.Decode(EventCodec.NameOf(e), stored);

        Assert.Equal(e.GetType(), read.GetType());
        Assert.Equal(EventCodec.NameOf(e), EventCodec.NameOf(read));
        Assert.Equal(Encoding.UTF8.GetString(stored), Encoding.UTF8.GetString(EventCodec.Encode(read)));
    }

    // CRASH-12
    [Theory]
    [MemberData(nameof(Samples))]
    public void Fields_of_a_newer_version_are_passed_over(int sample)
    {
        var e = SampleEvents.All[sample];
        Assert.SkipWhen(e is UnknownEvent, "all of its fields are of a newer version");
        var json = JsonNode.Parse(EventCodec.Encode(e))!.AsObject();
        json["colour"] = new JsonObject { ["name"] = "blue" };

        var read = EventCodec.Decode(EventCodec.NameOf(e), Bytes(json));

        Assert.Equal(Encoding.UTF8.GetString(EventCodec.Encode(e)), Encoding.UTF8.GetString(EventCodec.Encode(read)));
    }

    // CRASH-12
    [Theory]
    [MemberData(nameof(Samples))]
    public void Fields_that_an_older_version_did_not_write_get_their_defaults(int sample)
    {
        var e = SampleEvents.All[sample];
        Assert.SkipWhen(e is UnknownEvent, "nothing is known of its fields");
        var json = JsonNode.Parse(EventCodec.Encode(e))!.AsObject();
        Reduce(json);

        var read = EventCodec.Decode(EventCodec.NameOf(e), Bytes(json));

        var crew = Before(e).Apply(read, CrewStory.Begin);
        Assert.NotEmpty(JsonSerializer.Serialize(crew, CoreJson.Default.Crew));
        Assert.All(crew.Owes(), o => Assert.False(o.Lanes.IsDefault));
        _ = EventCodec.Encode(read);
    }

    // CRASH-12
    [Fact]
    public void What_a_delegation_left_unsaid_means_what_it_always_meant()
    {
        var stored = """{"task":"task_a_2","spec":{"from":"session_a_1","agent":"writer","instance":"main","prompt":{"hash":"0a","size":1},"goal":"tidy"}}"""u8;

        var spec = ((TaskDelegated)EventCodec.Decode("task.delegated", stored)).Spec;

        Assert.Equal(WakePolicy.All, spec.Wake);
        Assert.True(spec.Fallbacks.IsEmpty);
        Assert.True(spec.Permissions.IsEmpty);
        Assert.Empty(spec.Tools);
        Assert.Equal("", spec.Fingerprint);
    }

    // CRASH-12
    [Fact]
    public void What_a_snapshot_of_an_older_version_lacks_is_filled_in()
    {
        var story = new CrewStory();
        var task = story.Running(story.Spec() with { Key = "k", Model = "a/one", Fallbacks = ["b/one"] });
        story.Answer(task);
        story.Lease(story.Root);
        var json = JsonSerializer.SerializeToNode(story.Crew, CoreJson.Default.Crew)!.AsObject();
        Always.UnionWith(["phase", "state", "kind", "number", "attempts", "key", "sessions", "tasks", "notices", "wakes", "mailboxes", "step"]);
        Reduce(json);

        var crew = JsonSerializer.Deserialize(json.ToJsonString(), CoreJson.Default.Crew)!;

        var read = crew.Find(task.Id)!;
        Assert.Equal(1, read.Run);
        Assert.Empty(read.Current.Lanes);
        Assert.Empty(read.Spec.Fallbacks);
        Assert.Empty(crew.Keys);
        Assert.All(crew.Wakes.Values, w => Assert.Empty(w.Mentions));
        Assert.All(crew.Mailboxes.Values, m => Assert.Empty(m.Rounds));
        Assert.NotEmpty(JsonSerializer.Serialize(crew, CoreJson.Default.Crew));
        Assert.NotEmpty(crew.Forget().Owes());
    }

    // CRASH-12, HARN-10
    [Theory]
    [InlineData("""{"colour":{"name":"blue"},"layers":[1,2]}""")]
    [InlineData("""{}""")]
    [InlineData("""[null,1.50,"\u00e9"]""")]
    public void An_event_of_a_newer_version_is_kept_and_changes_nothing_known(string data)
    {
        var read = Assert.IsType<UnknownEvent>(EventCodec.Decode("task.painted", Encoding.UTF8.GetBytes(data)));
        Assert.Equal("task.painted", EventCodec.NameOf(read));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(data), JsonNode.Parse(EventCodec.Encode(read))));

        var crew = new CrewStory().Crew;
        Assert.Equal(Json(crew with { Version = crew.Version + 1 }), Json(crew.Apply(read, CrewStory.Begin)));
    }

    [Theory]
    [InlineData("task.settling", "null")]
    [InlineData("task.settling", "")]
    [InlineData("task.settling", "{")]
    [InlineData("task.settling", "[]")]
    [InlineData("task.settled", """{"task":"task_a_1","run":1,"outcome":{"status":"painted"}}""")]
    public void Broken_data_is_refused_with_a_word(string name, string data) =>
        Assert.NotEmpty(Assert.ThrowsAny<JsonException>(() => EventCodec.Decode(name, Encoding.UTF8.GetBytes(data))).Message);

    // Design 4.1: a crew that was forgotten in part still reads its whole stream.
    [Fact]
    public void Events_about_what_the_crew_has_forgotten_change_nothing()
    {
        var crew = new CrewStory().Crew;
        foreach (var e in SampleEvents.All.Where(e => e is not (SessionRegistered or TaskDelegated or NoticePosted or WakeDue)))
        {
            Assert.Equal(Json(crew with { Version = crew.Version + 1 }), Json(crew.Apply(e, CrewStory.Begin)));
        }
    }

    /// <summary>The crew in which the sample events have happened that this one needs.</summary>
    private static Crew Before(Event e) =>
        SampleEvents.All.TakeWhile(s => !ReferenceEquals(s, e)).Where(s => s is SessionRegistered or TaskDelegated or AttemptStarted or ChildCreated or NoticePosted or WakeDue)
            .Aggregate(Crew.New(new CrewId("k3f9")), (crew, s) => crew.Apply(s, CrewStory.Begin));

    private static void Reduce(JsonObject json)
    {
        foreach (var (name, value) in json.ToList())
        {
            if (!Always.Contains(name) && !int.TryParse(name, provider: null, out _))
            {
                json.Remove(name);
            }
            else if (value is JsonObject inner)
            {
                Reduce(inner);
            }
            else if (value is JsonArray items)
            {
                items.OfType<JsonObject>().ToList().ForEach(Reduce);
            }
        }
    }

    private static byte[] Bytes(JsonNode json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    private static string Json(Crew crew) => JsonSerializer.Serialize(crew, CoreJson.Default.Crew);
}
