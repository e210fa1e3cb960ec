using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>How long a scene is.</summary>
/// <param name="FollowsVoice">As long as its voice-over.</param>
/// <param name="Seconds">So long; null, unless it follows the voice: as long as its video.</param>
[JsonConverter(typeof(SceneLengthJsonConverter))]
public sealed record SceneLength(bool FollowsVoice, double? Seconds = null) : IDocumentValue
{
    public static readonly SceneLength Voice = new(true);
    public static readonly SceneLength Video = new(false);

    /// <inheritdoc/>
    public static JsonObject Schema => new()
    {
        ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("voice", "video") }, Ducking.Number(0.1, 3600)),
    };
}

internal sealed class SceneLengthJsonConverter : JsonConverter<SceneLength>
{
    public override SceneLength Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number => new SceneLength(false, reader.GetDouble()),
        JsonTokenType.String when reader.GetString() is "voice" => SceneLength.Voice,
        JsonTokenType.String when reader.GetString() is "video" => SceneLength.Video,
        _ => throw new JsonException("not a scene's length"),
    };

    public override void Write(Utf8JsonWriter writer, SceneLength value, JsonSerializerOptions options)
    {
        if (value.Seconds is { } seconds) writer.WriteNumberValue(seconds);
        else writer.WriteStringValue(value.FollowsVoice ? "voice" : "video");
    }
}

/// <summary>How a picture follows another.</summary>
/// <param name="Name"><c>cut</c>, or a name of ffmpeg's filter xfade: one of <see cref="Names"/>.</param>
/// <param name="Duration">Seconds, 0.05 to 5.</param>
[JsonConverter(typeof(TransitionJsonConverter))]
public sealed record Transition(string Name, double Duration = Transition.UsualDuration) : IDocumentValue
{
    public const double UsualDuration = 0.5;

    /// <summary>One picture, then the next.</summary>
    public const string Cut = "cut";

    /// <summary>Every transition of ffmpeg 5.1.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        Cut, "fade", "wipeleft", "wiperight", "wipeup", "wipedown", "slideleft", "slideright", "slideup", "slidedown", "circlecrop", "rectcrop", "distance", "fadeblack", "fadewhite", "radial",
        "smoothleft", "smoothright", "smoothup", "smoothdown", "circleopen", "circleclose", "vertopen", "vertclose", "horzopen", "horzclose", "dissolve", "pixelize", "diagtl", "diagtr", "diagbl",
        "diagbr", "hlslice", "hrslice", "vuslice", "vdslice", "hblur", "fadegrays", "wipetl", "wipetr", "wipebl", "wipebr", "squeezeh", "squeezev", "zoomin", "fadefast", "fadeslow",
    ];

    public bool IsCut => Name == Cut;

    /// <inheritdoc/>
    public static JsonObject Schema => new() { ["anyOf"] = new JsonArray(Named(), Detailed()) };

    internal static JsonObject Named() => new() { ["type"] = "string", ["enum"] = new JsonArray([.. Names.Select(name => JsonValue.Create(name))]) };

    internal static JsonObject Detailed() => new()
    {
        ["type"] = "object", ["additionalProperties"] = false, ["required"] = new JsonArray("name"),
        ["properties"] = new JsonObject { ["name"] = Named(), ["duration"] = Ducking.Number(0.05, 5) },
    };
}

internal sealed class TransitionJsonConverter : JsonConverter<Transition>
{
    private sealed record Settings { public required string Name { get; init; } public double Duration { get; init; } = Transition.UsualDuration; }

    public override Transition Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return new Transition(reader.GetString()!);
        var settings = JsonSerializer.Deserialize<Settings>(ref reader, options)!;
        return new Transition(settings.Name, settings.Duration);
    }

    public override void Write(Utf8JsonWriter writer, Transition value, JsonSerializerOptions options)
    {
        if (value.Duration == Transition.UsualDuration) writer.WriteStringValue(value.Name);
        else JsonSerializer.Serialize(writer, new Settings { Name = value.Name, Duration = value.Duration }, options);
    }
}

/// <summary>One transition for every join of a film, or a list with one for each.</summary>
/// <param name="Items">The one, or as many as there are joins.</param>
/// <param name="IsList">Whether there is one for each join.</param>
[JsonConverter(typeof(TransitionListJsonConverter))]
public sealed record TransitionList(IReadOnlyList<Transition> Items, bool IsList) : IDocumentValue
{
    /// <inheritdoc/>
    public static JsonObject Schema => new()
    {
        ["anyOf"] = new JsonArray(
            Transition.Named(), Transition.Detailed(), new JsonObject { ["type"] = "array", ["items"] = Transition.Schema, ["maxItems"] = 199 }),
    };

    /// <summary>The transition of a join.</summary>
    /// <param name="join">From 0: between the first scene and the second.</param>
    public Transition At(int join) => IsList ? Items[join] : Items[0];

    /// <inheritdoc/>
    public bool Equals(TransitionList? other) => other is not null && IsList == other.IsList && Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override int GetHashCode() => Items.Count == 0 ? 0 : Items[0].GetHashCode();
}

internal sealed class TransitionListJsonConverter : JsonConverter<TransitionList>
{
    public override TransitionList Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.StartArray
            ? new TransitionList(JsonSerializer.Deserialize<Transition[]>(ref reader, options)!, true)
            : new TransitionList([JsonSerializer.Deserialize<Transition>(ref reader, options)!], false);

    public override void Write(Utf8JsonWriter writer, TransitionList value, JsonSerializerOptions options)
    {
        if (value.IsList) JsonSerializer.Serialize(writer, value.Items, options);
        else JsonSerializer.Serialize(writer, value.Items[0], options);
    }
}
