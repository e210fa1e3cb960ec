using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>Size of a picture: a named aspect ratio or exact even pixels.</summary>
/// <param name="Width">Pixels, even, 16 to 3840.</param>
/// <param name="Height">Pixels, even, 16 to 3840.</param>
[JsonConverter(typeof(FrameFormatJsonConverter))]
public sealed record FrameFormat(int Width, int Height) : IDocumentValue
{
    public static readonly FrameFormat Wide = new(1920, 1080);
    public static readonly FrameFormat Tall = new(1080, 1920);
    public static readonly FrameFormat Square = new(1080, 1080);
    public static readonly FrameFormat Portrait = new(1080, 1350);

    internal static readonly IReadOnlyDictionary<string, FrameFormat> Named = new Dictionary<string, FrameFormat>
    {
        ["16:9"] = Wide, ["9:16"] = Tall, ["1:1"] = Square, ["4:5"] = Portrait,
    };

    /// <summary>The aspect ratio that a size is written as, or null.</summary>
    public static string? NameOf(FrameFormat format) => Named.FirstOrDefault(pair => pair.Value == format).Key;

    /// <inheritdoc/>
    public static JsonObject Schema => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Named.Keys.Select(name => JsonValue.Create(name))]) },
            new JsonObject
            {
                ["type"] = "object", ["additionalProperties"] = false, ["required"] = new JsonArray("width", "height"),
                ["properties"] = new JsonObject { ["width"] = Side(), ["height"] = Side() },
            }),
    };

    private static JsonObject Side() => new() { ["type"] = "integer", ["minimum"] = 16, ["maximum"] = 3840, ["multipleOf"] = 2 };
}

internal sealed class FrameFormatJsonConverter : JsonConverter<FrameFormat>
{
    private sealed record Size(int Width, int Height);

    public override FrameFormat Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return FrameFormat.Named.TryGetValue(reader.GetString()!, out var named) ? named : throw new JsonException("not a format");
        var size = JsonSerializer.Deserialize<Size>(ref reader, options)!;
        return new FrameFormat(size.Width, size.Height);
    }

    public override void Write(Utf8JsonWriter writer, FrameFormat value, JsonSerializerOptions options)
    {
        if (FrameFormat.NameOf(value) is { } name) writer.WriteStringValue(name);
        else JsonSerializer.Serialize(writer, new Size(value.Width, value.Height), options);
    }
}

/// <summary>How music makes room for speech.</summary>
/// <param name="Enabled">False switches it off.</param>
/// <param name="Depth">By how many decibels the music is lowered, 0 to 40.</param>
/// <param name="Attack">Seconds until it is lowered, 0.001 to 2.</param>
/// <param name="Release">Seconds until it is back, 0.01 to 9.</param>
[JsonConverter(typeof(DuckingJsonConverter))]
public sealed record Ducking(bool Enabled, double Depth = 12, double Attack = 0.05, double Release = 0.6) : IDocumentValue
{
    /// <inheritdoc/>
    public static JsonObject Schema => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "boolean" },
            new JsonObject
            {
                ["type"] = "object", ["additionalProperties"] = false,
                ["properties"] = new JsonObject { ["depth"] = Number(0, 40), ["attack"] = Number(0.001, 2), ["release"] = Number(0.01, 9) },
            }),
    };

    internal static JsonObject Number(double minimum, double maximum) => new() { ["type"] = "number", ["minimum"] = minimum, ["maximum"] = maximum };
}

internal sealed class DuckingJsonConverter : JsonConverter<Ducking>
{
    private sealed record Settings { public double Depth { get; init; } = 12; public double Attack { get; init; } = 0.05; public double Release { get; init; } = 0.6; }

    public override Ducking Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False) return new Ducking(reader.GetBoolean());
        var settings = JsonSerializer.Deserialize<Settings>(ref reader, options)!;
        return new Ducking(true, settings.Depth, settings.Attack, settings.Release);
    }

    public override void Write(Utf8JsonWriter writer, Ducking value, JsonSerializerOptions options)
    {
        if (!value.Enabled) writer.WriteBooleanValue(false);
        else JsonSerializer.Serialize(writer, new Settings { Depth = value.Depth, Attack = value.Attack, Release = value.Release }, options);
    }
}

/// <summary>A loudness to reach in the finished file, by EBU R 128.</summary>
/// <param name="Enabled">False leaves levels alone.</param>
/// <param name="Target">Integrated loudness in LUFS, −40 to −5.</param>
/// <param name="TruePeak">Ceiling in dBTP, −9 to 0.</param>
[JsonConverter(typeof(LoudnessTargetJsonConverter))]
public sealed record LoudnessTarget(bool Enabled, double Target = -14, double TruePeak = -1) : IDocumentValue
{
    /// <inheritdoc/>
    public static JsonObject Schema => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("off") },
            Ducking.Number(-40, -5),
            new JsonObject
            {
                ["type"] = "object", ["additionalProperties"] = false,
                ["properties"] = new JsonObject { ["target"] = Ducking.Number(-40, -5), ["truePeak"] = Ducking.Number(-9, 0) },
            }),
    };
}

internal sealed class LoudnessTargetJsonConverter : JsonConverter<LoudnessTarget>
{
    private sealed record Settings { public double Target { get; init; } = -14; public double TruePeak { get; init; } = -1; }

    public override LoudnessTarget Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return new LoudnessTarget(false);
        if (reader.TokenType == JsonTokenType.Number) return new LoudnessTarget(true, reader.GetDouble());
        var settings = JsonSerializer.Deserialize<Settings>(ref reader, options)!;
        return new LoudnessTarget(true, settings.Target, settings.TruePeak);
    }

    public override void Write(Utf8JsonWriter writer, LoudnessTarget value, JsonSerializerOptions options)
    {
        if (!value.Enabled) writer.WriteStringValue("off");
        else JsonSerializer.Serialize(writer, new Settings { Target = value.Target, TruePeak = value.TruePeak }, options);
    }
}
