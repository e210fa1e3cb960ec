using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Contracts;

namespace Platform.Templates;

/// <summary>
/// The other form that templates may have: one element per track, with times in frames and CSS for looks. It is turned into the documented form, place by place,
/// so that one checker and one renderer do for both.
/// </summary>
internal static class FrameForm
{
    private static readonly JsonObject Schema = DocumentSchema.Of(typeof(FrameDocument));

    private static readonly Dictionary<string, (string? Enter, string? Exit)> Animations = new(StringComparer.OrdinalIgnoreCase)
    {
        ["none"] = (null, null), ["fade"] = ("fade", "fade"), ["fadeIn"] = ("fade", null), ["fadeOut"] = (null, "fade"), ["fadeInOut"] = ("fade", "fade"),
        ["slideUp"] = ("slide-up", null), ["slideDown"] = ("slide-down", null), ["slideLeft"] = ("slide-left", null), ["slideRight"] = ("slide-right", null), ["slideIn"] = ("slide-left", null),
        ["scale"] = ("scale", null), ["scaleIn"] = ("scale", null), ["zoomIn"] = ("zoom", null), ["zoom"] = ("zoom", null), ["pop"] = ("pop", null), ["bounce"] = ("pop", null),
        ["rise"] = ("rise", null), ["typewriter"] = ("typewriter", null), ["wipe"] = ("wipe-right", null),
    };

    /// <summary>Style properties that are the clip's own, with its names for them.</summary>
    private static readonly Dictionary<string, string> ClipProperties = new()
    {
        ["anchor"] = "anchor", ["x"] = "x", ["y"] = "y", ["left"] = "x", ["top"] = "y", ["width"] = "width", ["height"] = "height", ["opacity"] = "opacity", ["rotation"] = "rotation", ["scale"] = "scale",
    };

    public static bool Is(JsonObject document) => document.ContainsKey("timeline");

    public static JsonObject Convert(JsonObject document, Origins origins, SchemaValidator check)
    {
        var shape = new SchemaValidator();
        shape.Check(JsonSerializer.SerializeToElement(document), Schema, "");
        foreach (var problem in shape.Problems) check.Add(origins.Of(problem.Pointer), problem.Code, problem.Detail);
        if (shape.Problems.Count > 0) return document;

        var form = document.Deserialize<FrameDocument>(Documents.Options)!;
        var fps = form.Timeline.Fps;
        var end = form.Tracks.Max(track => track.EndFrame ?? 0);
        // Both are in use: a duration in frames reaches the last frame, one in seconds does when it is turned into frames.
        var frames = form.Timeline.Duration >= Math.Max(end, 1) && end > 0 ? form.Timeline.Duration : form.Timeline.Duration * fps;
        var tracks = new JsonArray();
        for (var i = 0; i < form.Tracks.Count; i++)
        {
            var (at, from) = ($"/tracks/{i}/clips/0", origins.Of($"/tracks/{i}"));
            origins.Note($"/tracks/{i}", from);
            origins.Note(at, from);
            tracks.Add(new JsonObject { ["clips"] = new JsonArray(Clip(form.Tracks[i], fps, (int)Math.Round(frames), at, from, origins, check)) });
        }
        return new JsonObject { ["size"] = Size(form.Timeline), ["fps"] = fps, ["duration"] = Math.Round(frames) / fps, ["background"] = form.Timeline.Background ?? "#000000", ["tracks"] = tracks };
    }

    private static JsonObject Clip(FrameTrack track, int fps, int frames, string at, string from, Origins origins, SchemaValidator check)
    {
        var (start, end) = (track.StartFrame, track.EndFrame ?? frames);
        if (end <= start) check.Add($"{from}/endFrame", "out_of_range", "Must be after startFrame.");
        var source = track.Src ?? track.Content ?? "";
        var clip = new JsonObject { ["type"] = track.Type, ["start"] = (double)start / fps, ["length"] = (double)Math.Max(1, end - start) / fps };
        Note("start", "startFrame");
        Note("length", "endFrame");
        switch (track.Type)
        {
            case "background" when Paint.Parse(Fill(track) ?? source) is { } paint:
                clip["type"] = paint.Stops.Count > 1 ? "gradient" : "color";
                clip[paint.Stops.Count > 1 ? "gradient" : "color"] = Fill(track) ?? source;
                break;
            case "background" or "image":
                clip["type"] = "image";
                clip["src"] = source;
                Note("src", track.Src is null ? "content" : "src");
                break;
            case "text":
                clip["text"] = track.Content ?? track.Src ?? "";
                Note("text", "content");
                break;
            default:
                clip["type"] = "audio";
                clip["src"] = source;
                if (track.Volume is { } volume) clip["volume"] = volume;
                if (track.EndFrame is null) clip["length"] = "auto";
                return clip;
        }
        Style(track, clip, at, from, origins, check);
        Animate(track, clip, from, check);
        return clip;

        void Note(string name, string origin) => origins.Note($"{at}/{name}", $"{from}/{origin}");
    }

    private static void Style(FrameTrack track, JsonObject clip, string at, string from, Origins origins, SchemaValidator check)
    {
        var text = new JsonObject();
        foreach (var (name, value) in track.Style)
        {
            var origin = SchemaValidator.Child($"{from}/style", name);
            if (ClipProperties.TryGetValue(name, out var own)) { clip[own] = Number(value); origins.Note($"{at}/{own}", origin); }
            else if (name == "objectFit" && track.Type != "text") { clip["fit"] = JsonNode.Parse(value.GetRawText()); origins.Note($"{at}/fit", origin); }
            else if (name == "borderRadius" && track.Type != "text") { clip["radius"] = Number(value); origins.Note($"{at}/radius", origin); }
            else if (track.Type == "text") { text[name] = JsonNode.Parse(value.GetRawText()); origins.Note(SchemaValidator.Child($"{at}/style", name), origin); }
            else if (name is not ("background" or "backgroundColor" or "color")) check.Add(origin, "unknown_field", $"Is not a style of a {track.Type}.");
        }
        if (track.Type == "text") clip["style"] = text;
    }

    private static void Animate(FrameTrack track, JsonObject clip, string from, SchemaValidator check)
    {
        if (track.Animation is not { } animation) return;
        var (name, seconds) = animation.ValueKind switch
        {
            JsonValueKind.String => (SchemaValidator.Text(animation), (double?)null),
            JsonValueKind.Object => (animation.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? SchemaValidator.Text(type) : null,
                animation.TryGetProperty("duration", out var lasts) && lasts.ValueKind == JsonValueKind.Number ? lasts.GetDouble() : null),
            _ => (null, null),
        };
        if (string.Equals(name, "kenBurns", StringComparison.OrdinalIgnoreCase) && (string?)clip["type"] == "image") clip["kenBurns"] = "in";
        else if (name is null || !Animations.TryGetValue(name, out var known)) check.Add($"{from}/animation", "not_allowed", $"Must be one of kenBurns, {string.Join(", ", Animations.Keys)}.");
        else
        {
            if (known.Enter is { } enter) clip["enter"] = Preset(enter);
            if (known.Exit is { } exit) clip["exit"] = Preset(exit);
        }

        // Durations above ten are frames: no title takes so many seconds to come.
        JsonObject Preset(string preset) => seconds is { } given ? new JsonObject { ["preset"] = preset, ["duration"] = given > 10 ? given / 30 : given } : new JsonObject { ["preset"] = preset };
    }

    private static string? Fill(FrameTrack track)
    {
        foreach (var name in new[] { "background", "backgroundColor", "color" })
            if (track.Style.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String && Paint.Parse(value.GetString()!) is not null) return value.GetString();
        return null;
    }

    // "40px" and "40" are the number that the documented form has.
    private static JsonNode? Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && double.TryParse(value.GetString()!.Replace("px", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number) : JsonNode.Parse(value.GetRawText());

    private static JsonNode Size(FrameTimeline timeline) =>
        timeline is { Width: { } width, Height: { } height } ? new JsonObject { ["width"] = width, ["height"] = height } : JsonValue.Create("16:9")!;

    private sealed record FrameDocument
    {
        public required FrameTimeline Timeline { get; init; }

        [MinLength(1), MaxLength(100)]
        public required IReadOnlyList<FrameTrack> Tracks { get; init; }

        public JsonElement? Inputs { get; init; }
    }

    private sealed record FrameTimeline
    {
        [Range(0.02, 216_000)]
        public required double Duration { get; init; }

        [AllowedValues(24, 25, 30, 50, 60)]
        public int Fps { get; init; } = 30;

        public int? Width { get; init; }

        public int? Height { get; init; }

        public string? Background { get; init; }
    }

    private sealed record FrameTrack
    {
        [AllowedValues("background", "text", "image", "voiceover")]
        public required string Type { get; init; }

        public string? Src { get; init; }

        public string? Content { get; init; }

        [MaxLength(50)]
        public Dictionary<string, JsonElement> Style { get; init; } = [];

        public JsonElement? Animation { get; init; }

        [Range(0, 216_000)]
        public int StartFrame { get; init; }

        [Range(0, 216_000)]
        public int? EndFrame { get; init; }

        [Range(0, 4)]
        public double? Volume { get; init; }
    }
}
