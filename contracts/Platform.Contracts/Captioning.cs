using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>Asks Caption to turn speech, or text that is known, into captions of a film.</summary>
public sealed record CaptionFilm
{
    public required StageRun Run { get; init; }
    public required CaptionParameters Parameters { get; init; }

    /// <summary>The files that the parameters name, by the string that names them.</summary>
    public required IReadOnlyDictionary<string, Artifact> Inputs { get; init; }

    /// <summary>Null for an intermediate film.</summary>
    public FinalEncode? Encode { get; init; }
}

/// <summary>Parameters of a <c>caption</c> stage.</summary>
public sealed record CaptionParameters
{
    [Description("The film.")]
    public required Media Video { get; init; }

    [Description("Where the words come from: \"speech\", own captions ({\"srt\"|\"vtt\"|\"ass\"|\"words\": media}), or {\"text\": script}, which is aligned to the sound.")]
    public CaptionSource Source { get; init; } = new();

    [Description("Speech model. Left out: base.en for English, base for other languages.")]
    [AllowedValues("tiny.en", "tiny", "base.en", "base", "small.en", "small", "medium.en", "medium", "large-v3", "large-v3-turbo")]
    public string? Model { get; init; }

    [Description("What is spoken: a code such as en or de, or auto.")]
    [RegularExpression("^(auto|[a-z]{2,3})$")]
    public string Language { get; init; } = "en";

    [Description("Translate what is spoken to English.")]
    public bool Translate { get; init; }

    [Description("A preset (clean, bold, karaoke, highlight, pop, box, outline, typewriter, lower-third), or an object that changes one.")]
    public CaptionStyle Style { get; init; } = new();

    [Description("Most words in a line.")]
    [Range(1, 20)]
    public int Words { get; init; } = 3;

    [Description("Most lines at a time.")]
    [Range(1, 4)]
    public int Lines { get; init; } = 2;

    [Description("Reading speed in characters per second: captions stay on longer, where there is room, until it is kept.")]
    [Range(5.0, 60.0)]
    public double MaxCharsPerSecond { get; init; } = 20;

    [Description("Keeps captions clear of an app's own buttons and texts.")]
    [AllowedValues("none", "tiktok", "reels", "shorts")]
    public string SafeZone { get; init; } = "none";

    [Description("Words or phrases to show as others: {\"sequel light\": \"SQLite\"}. An empty one is not shown. Case does not matter.")]
    [MaxLength(500), ItemMaxLength(200)]
    public IReadOnlyDictionary<string, string>? Replace { get; init; }

    [Description("Times without captions.")]
    [MaxLength(200)]
    public IReadOnlyList<TimeRange>? Exclude { get; init; }

    [Description("Show who speaks, where the source says it, as \"Name: \".")]
    public bool SpeakerLabels { get; init; }

    [Description("Text colour by speaker: {\"Ann\": \"#ffd60a\"}.")]
    [MaxLength(50), ItemPattern(CaptionLook.ColorForm)]
    public IReadOnlyDictionary<string, string>? SpeakerColors { get; init; }

    [Description("true: drawn into the picture; false: only files beside it; soft: as a subtitle track. The last two copy the picture as it is.")]
    public CaptionBurn Burn { get; init; } = CaptionBurn.Picture;
}

/// <summary>A time range in seconds.</summary>
public sealed record TimeRange
{
    [Range(0.0, 86400.0)] public required double From { get; init; }
    [Range(0.0, 86400.0)] public required double To { get; init; }
}

/// <summary>What becomes of captions in the film.</summary>
[JsonConverter(typeof(CaptionBurnJsonConverter))]
public sealed record CaptionBurn : IDocumentValue
{
    private CaptionBurn(string? word, bool flag) => (Word, Flag) = (word, flag);

    /// <summary>Drawn into the picture.</summary>
    public static readonly CaptionBurn Picture = new(null, true);

    /// <summary>Only files beside it.</summary>
    public static readonly CaptionBurn None = new(null, false);

    /// <summary>A subtitle track.</summary>
    public static readonly CaptionBurn Soft = new("soft", false);

    internal string? Word { get; }
    internal bool Flag { get; }

    /// <inheritdoc/>
    public static JsonObject Schema => new()
    {
        ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "boolean" }, new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("soft") }),
    };
}

internal sealed class CaptionBurnJsonConverter : JsonConverter<CaptionBurn>
{
    public override CaptionBurn Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True => CaptionBurn.Picture,
        JsonTokenType.False => CaptionBurn.None,
        JsonTokenType.String when reader.GetString() == "soft" => CaptionBurn.Soft,
        _ => throw new JsonException("not a way to burn"),
    };

    public override void Write(Utf8JsonWriter writer, CaptionBurn value, JsonSerializerOptions options)
    {
        if (value.Word is { } word) writer.WriteStringValue(word);
        else writer.WriteBooleanValue(value.Flag);
    }
}

/// <summary>Where the words of captions come from. Without any property: from speech.</summary>
[JsonConverter(typeof(CaptionSourceJsonConverter))]
public sealed record CaptionSource : IDocumentValue
{
    /// <summary>SubRip.</summary>
    public Media? Srt { get; init; }

    /// <summary>WebVTT.</summary>
    public Media? Vtt { get; init; }

    /// <summary>ASS or SSA, of which only times, names and plain text are taken.</summary>
    public Media? Ass { get; init; }

    /// <summary>JSON: <c>[{"text","start","end","speaker"?}]</c>, or an object with them as <c>words</c>, times in seconds.</summary>
    public Media? Words { get; init; }

    /// <summary>What is said, word for word.</summary>
    public string? Text { get; init; }

    /// <summary>The file with the captions, where there is one.</summary>
    [JsonIgnore] public Media? File => Srt ?? Vtt ?? Ass ?? Words;

    /// <inheritdoc/>
    public static JsonObject Schema => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("speech") },
            new JsonObject
            {
                ["type"] = "object", ["additionalProperties"] = false, ["minProperties"] = 1, ["maxProperties"] = 1,
                ["properties"] = new JsonObject
                {
                    ["srt"] = Media.Schema, ["vtt"] = Media.Schema, ["ass"] = Media.Schema, ["words"] = Media.Schema,
                    ["text"] = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 200_000 },
                },
            }),
    };
}

internal sealed class CaptionSourceJsonConverter : JsonConverter<CaptionSource>
{
    private sealed record Form
    {
        public Media? Srt { get; init; }
        public Media? Vtt { get; init; }
        public Media? Ass { get; init; }
        public Media? Words { get; init; }
        public string? Text { get; init; }
    }

    public override CaptionSource Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return reader.GetString() == "speech" ? new CaptionSource() : throw new JsonException("not a source");
        var form = JsonSerializer.Deserialize<Form>(ref reader, options)!;
        return new CaptionSource { Srt = form.Srt, Vtt = form.Vtt, Ass = form.Ass, Words = form.Words, Text = form.Text };
    }

    public override void Write(Utf8JsonWriter writer, CaptionSource value, JsonSerializerOptions options)
    {
        if (value == new CaptionSource()) writer.WriteStringValue("speech");
        else JsonSerializer.Serialize(writer, new Form { Srt = value.Srt, Vtt = value.Vtt, Ass = value.Ass, Words = value.Words, Text = value.Text }, options);
    }
}

/// <summary>How captions look: a preset, or one with changes.</summary>
[JsonConverter(typeof(CaptionStyleJsonConverter))]
public sealed record CaptionStyle : IDocumentValue
{
    /// <summary>Names of the presets.</summary>
    public static readonly IReadOnlyList<string> Presets = ["clean", "bold", "karaoke", "highlight", "pop", "box", "outline", "typewriter", "lower-third"];

    /// <summary>The preset that the changes are made to.</summary>
    public string Preset { get; init; } = "clean";

    /// <summary>The changes, null for none.</summary>
    public CaptionLook? Changes { get; init; }

    /// <inheritdoc/>
    public static JsonObject Schema => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Presets.Select(name => JsonValue.Create(name))]) },
            DocumentSchema.Of(typeof(CaptionLook))),
    };
}

/// <summary>Changes to a preset's look. What is left out stays as the preset has it.</summary>
public sealed record CaptionLook
{
    internal const string ColorForm = "^#([0-9a-fA-F]{6}|[0-9a-fA-F]{8})$";

    [Description("The preset that is changed: clean when left out.")]
    [AllowedValues("clean", "bold", "karaoke", "highlight", "pop", "box", "outline", "typewriter", "lower-third")]
    public string? Preset { get; init; }

    [Description("A font that is installed where the service runs.")]
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$")]
    public string? Font { get; init; }

    [Description("Size of the letters as a share of the picture's height.")]
    [Range(0.01, 0.3)]
    public double? Size { get; init; }

    [AllowedValues("regular", "bold", "heavy")]
    public string? Weight { get; init; }

    [Description("Colour of the text, #rrggbb or #rrggbbaa.")]
    [RegularExpression(ColorForm)]
    public string? Color { get; init; }

    [Description("Colour of the word that is spoken, or behind it.")]
    [RegularExpression(ColorForm)]
    public string? ActiveColor { get; init; }

    [RegularExpression(ColorForm)]
    public string? OutlineColor { get; init; }

    [Description("Width of the outline as a share of the size of the letters.")]
    [Range(0.0, 0.5)]
    public double? Outline { get; init; }

    [Description("Distance of the shadow as a share of the size of the letters.")]
    [Range(0.0, 0.5)]
    public double? Shadow { get; init; }

    [Description("A box behind the lines.")]
    public bool? Box { get; init; }

    [RegularExpression(ColorForm)]
    public string? BoxColor { get; init; }

    [Description("none: as written; upper; lower.")]
    [AllowedValues("none", "upper", "lower")]
    public string? Case { get; init; }

    [Description("One of nine anchors; x and y move it.")]
    [AllowedValues("top-left", "top", "top-right", "left", "center", "right", "bottom-left", "bottom", "bottom-right")]
    public string? Position { get; init; }

    [Description("Where the anchor's point of the captions lies, as a share of the picture's width.")]
    [Range(0.0, 1.0)]
    public double? X { get; init; }

    [Description("The same, of its height.")]
    [Range(0.0, 1.0)]
    public double? Y { get; init; }

    [Description("How words come and go: none, fade, karaoke (filled as spoken), highlight (a box behind the word), color (the word in another colour), pop, typewriter, slide.")]
    [AllowedValues("none", "fade", "karaoke", "highlight", "color", "pop", "typewriter", "slide")]
    public string? Animation { get; init; }
}

internal sealed class CaptionStyleJsonConverter : JsonConverter<CaptionStyle>
{
    public override CaptionStyle Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return CaptionStyle.Presets.Contains(reader.GetString()!) ? new CaptionStyle { Preset = reader.GetString()! } : throw new JsonException("not a style");
        var look = JsonSerializer.Deserialize<CaptionLook>(ref reader, options)!;
        return new CaptionStyle { Preset = look.Preset ?? "clean", Changes = look with { Preset = null } };
    }

    public override void Write(Utf8JsonWriter writer, CaptionStyle value, JsonSerializerOptions options)
    {
        if (value.Changes is { } changes && changes != new CaptionLook()) JsonSerializer.Serialize(writer, changes with { Preset = value.Preset }, options);
        else writer.WriteStringValue(value.Preset);
    }
}
