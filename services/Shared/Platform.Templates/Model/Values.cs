using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Platform.Contracts;

namespace Platform.Templates;

/// <summary>A distance: pixels, or a share of the picture's width or height.</summary>
[JsonConverter(typeof(ExtentJsonConverter))]
public readonly record struct Extent(double Value, bool IsShare = false) : IDocumentValue
{
    public static readonly Extent Zero;

    /// <inheritdoc/>
    public static JsonObject Schema => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "number", ["minimum"] = -20_000, ["maximum"] = 20_000 },
            new JsonObject { ["type"] = "string", ["pattern"] = @"^-?[0-9]{1,4}(\.[0-9]{1,4})?%$" }),
    };

    /// <summary>Pixels, where the whole is so many.</summary>
    public double Of(double whole) => IsShare ? Value * whole : Value;
}

internal sealed class ExtentJsonConverter : JsonConverter<Extent>
{
    public override Extent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType == JsonTokenType.Number
        ? new Extent(reader.GetDouble())
        : reader.GetString() is { Length: > 1 } text && text[^1] == '%' && double.TryParse(text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var percent)
            ? new Extent(percent / 100, true)
            : throw new JsonException("not a distance");

    public override void Write(Utf8JsonWriter writer, Extent value, JsonSerializerOptions options)
    {
        if (value.IsShare) writer.WriteStringValue((value.Value * 100).ToString("0.####", CultureInfo.InvariantCulture) + "%");
        else writer.WriteNumberValue(value.Value);
    }
}

/// <summary>How long a clip lasts: seconds, or by what.</summary>
/// <param name="Seconds">Null: by <paramref name="Rule"/>.</param>
/// <param name="Rule"><c>auto</c>, <c>end</c>, or <c>as:NAME</c> for as long as another clip.</param>
[JsonConverter(typeof(ClipLengthJsonConverter))]
public sealed record ClipLength(double? Seconds, string Rule = "") : IDocumentValue
{
    public static readonly ClipLength Auto = new(null, "auto");
    public static readonly ClipLength End = new(null, "end");

    /// <inheritdoc/>
    public static JsonObject Schema => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "number", ["minimum"] = 0.001, ["maximum"] = 3600 },
            new JsonObject { ["type"] = "string", ["pattern"] = "^(auto|end|as:.{1,100})$" }),
    };

    /// <summary>The clip whose length this is, by name, or null.</summary>
    public string? As => Rule.StartsWith("as:", StringComparison.Ordinal) ? Rule[3..] : null;
}

internal sealed class ClipLengthJsonConverter : JsonConverter<ClipLength>
{
    public override ClipLength Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number ? new ClipLength(reader.GetDouble()) : new ClipLength(null, reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, ClipLength value, JsonSerializerOptions options)
    {
        if (value.Seconds is { } seconds) writer.WriteNumberValue(seconds);
        else writer.WriteStringValue(value.Rule);
    }
}

/// <summary>Shares of a picture that are cut off.</summary>
public sealed record Crop
{
    [Range(0, 0.99)] public double Left { get; init; }
    [Range(0, 0.99)] public double Top { get; init; }
    [Range(0, 0.99)] public double Right { get; init; }
    [Range(0, 0.99)] public double Bottom { get; init; }
}

/// <summary>A value at a time.</summary>
public sealed record Keyframe
{
    [Description("Seconds from the clip's start.")]
    [Range(0, 3600)]
    public required double At { get; init; }

    [Description("The value then.")]
    public required Extent Value { get; init; }

    [Description("How it gets there from the point before.")]
    public Easing Easing { get; init; } = Easing.InOutCubic;
}

/// <summary>What of a clip is seen: where the mask is bright.</summary>
public sealed record Mask
{
    [Description("A picture, stretched over the clip.")]
    public Media? Src { get; init; }

    [Description("A shape that fills the clip.")]
    [AllowedValues("ellipse", "rectangle")]
    public string? Shape { get; init; }

    [Description("Show what the mask hides.")]
    public bool Invert { get; init; }
}

/// <summary>A colour that becomes transparent.</summary>
public sealed record ChromaKey
{
    [Description("A CSS colour.")]
    [MaxLength(100)]
    public string Color { get; init; } = "#00ff00";

    [Description("How far a colour may be from it, 0.01 to 1.")]
    [Range(0.01, 1)]
    public double Similarity { get; init; } = 0.15;

    [Description("How soft the edge is.")]
    [Range(0, 1)]
    public double Blend { get; init; } = 0.05;
}

/// <summary>A way to come or to go.</summary>
[JsonConverter(typeof(AnimationJsonConverter))]
public sealed record Animation(string Preset) : IDocumentValue
{
    /// <summary>Every preset. Directions are those of the move.</summary>
    public static readonly IReadOnlyList<string> Presets =
    [
        "fade", "slide-up", "slide-down", "slide-left", "slide-right", "scale", "pop", "zoom", "wipe-up", "wipe-down", "wipe-left", "wipe-right", "rise", "drop", "spin", "typewriter",
    ];

    /// <summary>Seconds for one unit.</summary>
    public double Duration { get; init; } = 0.6;

    /// <summary>Null: the preset's own.</summary>
    public Easing? Easing { get; init; }

    /// <summary>What of a text moves on its own.</summary>
    public TextUnit By { get; init; }

    /// <summary>Seconds from one unit to the next.</summary>
    public double Stagger { get; init; } = 0.06;

    /// <inheritdoc/>
    public static JsonObject Schema => Documents.NameOrSettings("preset", Presets, new JsonObject
    {
        ["duration"] = Documents.Number(0.02, 60), ["easing"] = Documents.Enum<Easing>(), ["by"] = Documents.Enum<TextUnit>(), ["stagger"] = Documents.Number(0, 5),
    });
}

/// <summary>What of a text moves on its own.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<TextUnit>))]
public enum TextUnit { Block, Line, Word, Letter }

internal sealed class AnimationJsonConverter : NameOrSettingsConverter<Animation, AnimationJsonConverter.Settings>
{
    internal sealed record Settings
    {
        public required string Preset { get; init; }
        public double Duration { get; init; } = 0.6;
        public Easing? Easing { get; init; }
        public TextUnit? By { get; init; }
        public double Stagger { get; init; } = 0.06;
    }

    protected override Animation Named(string name) => new(name) { By = ByOf(name) };
    protected override Animation From(Settings s) => new(s.Preset) { Duration = s.Duration, Easing = s.Easing, By = s.By ?? ByOf(s.Preset), Stagger = s.Stagger };
    protected override Settings To(Animation a) => new() { Preset = a.Preset, Duration = a.Duration, Easing = a.Easing, By = a.By, Stagger = a.Stagger };
    private static TextUnit ByOf(string preset) => preset == "typewriter" ? TextUnit.Letter : TextUnit.Block;
}

/// <summary>How one clip of a track gives way to the next.</summary>
[JsonConverter(typeof(TransitionJsonConverter))]
public sealed record Transition(string Name) : IDocumentValue
{
    /// <summary>Seconds that both are seen.</summary>
    public double Duration { get; init; } = 0.5;

    public Easing Easing { get; init; } = Easing.Linear;

    /// <inheritdoc/>
    public static JsonObject Schema => Documents.NameOrSettings("name", null, new JsonObject { ["duration"] = Documents.Number(0.02, 30), ["easing"] = Documents.Enum<Easing>() });
}

internal sealed class TransitionJsonConverter : NameOrSettingsConverter<Transition, TransitionJsonConverter.Settings>
{
    internal sealed record Settings
    {
        public required string Name { get; init; }
        public double Duration { get; init; } = 0.5;
        public Easing Easing { get; init; } = Easing.Linear;
    }

    protected override Transition Named(string name) => new(name);
    protected override Transition From(Settings s) => new(s.Name) { Duration = s.Duration, Easing = s.Easing };
    protected override Settings To(Transition t) => new() { Name = t.Name, Duration = t.Duration, Easing = t.Easing };
}

/// <summary>A part of a picture that is shown in its whole area.</summary>
/// <param name="X">Middle, as a share of the width.</param>
/// <param name="Y">Middle, as a share of the height.</param>
/// <param name="Zoom">1 shows all.</param>
public sealed record View([property: Range(0, 1)] double X = 0.5, [property: Range(0, 1)] double Y = 0.5, [property: Range(1, 8)] double Zoom = 1);

/// <summary>A slow move over a still picture.</summary>
[JsonConverter(typeof(KenBurnsJsonConverter))]
public sealed record KenBurns(View From, View To, Easing Easing = Easing.InOutSine) : IDocumentValue
{
    internal static readonly IReadOnlyDictionary<string, KenBurns> Presets = new Dictionary<string, KenBurns>
    {
        ["in"] = new(new View(), new View(Zoom: 1.2)),
        ["out"] = new(new View(Zoom: 1.2), new View()),
        ["left"] = new(new View(0.6, 0.5, 1.2), new View(0.4, 0.5, 1.2)),
        ["right"] = new(new View(0.4, 0.5, 1.2), new View(0.6, 0.5, 1.2)),
        ["up"] = new(new View(0.5, 0.6, 1.2), new View(0.5, 0.4, 1.2)),
        ["down"] = new(new View(0.5, 0.4, 1.2), new View(0.5, 0.6, 1.2)),
    };

    /// <inheritdoc/>
    public static JsonObject Schema => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "string", ["enum"] = Documents.Names(Presets.Keys) },
            new JsonObject
            {
                ["type"] = "object", ["additionalProperties"] = false, ["required"] = new JsonArray("from", "to"),
                ["properties"] = new JsonObject { ["from"] = ViewSchema(), ["to"] = ViewSchema(), ["easing"] = Documents.Enum<Easing>() },
            }),
    };

    private static JsonObject ViewSchema() => new()
    {
        ["type"] = "object", ["additionalProperties"] = false,
        ["properties"] = new JsonObject { ["x"] = Documents.Number(0, 1), ["y"] = Documents.Number(0, 1), ["zoom"] = Documents.Number(1, 8) },
    };
}

internal sealed class KenBurnsJsonConverter : NameOrSettingsConverter<KenBurns, KenBurnsJsonConverter.Settings>
{
    internal sealed record Settings
    {
        public required View From { get; init; }
        public required View To { get; init; }
        public Easing Easing { get; init; } = Easing.InOutSine;
    }

    protected override KenBurns Named(string name) => KenBurns.Presets[name];
    protected override KenBurns From(Settings s) => new(s.From, s.To, s.Easing);
    protected override Settings To(KenBurns k) => new() { From = k.From, To = k.To, Easing = k.Easing };
}
