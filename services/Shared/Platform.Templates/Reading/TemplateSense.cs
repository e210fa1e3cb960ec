using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Platform.Contracts;

namespace Platform.Templates;

/// <summary>Checks what a schema cannot: that a template of the right shape makes sense.</summary>
internal static partial class TemplateSense
{
    private const int MostClips = 2000;

    /// <summary>Pixels drawn over one another that one film may ask for, counted over its frames: an hour of 1080p with two layers, or ten minutes of 4K with three.</summary>
    private const double MostPixels = 5e11;

    private static readonly string[] Properties = ["x", "y", "width", "height", "opacity", "rotation", "scale", "radius", "cropLeft", "cropTop", "cropRight", "cropBottom"];
    private static readonly string[] Shares = ["x", "y", "width", "height"];

    /// <summary>CSS properties that text takes, in camel case.</summary>
    internal static readonly string[] StyleProperties =
    [
        "fontFamily", "fontSize", "fontWeight", "fontStyle", "color", "lineHeight", "letterSpacing", "textAlign", "textTransform", "textShadow", "textStroke", "textWrap",
        "backgroundColor", "background", "padding", "borderRadius", "boxDecoration", "maxWidth", "lang",
    ];

    public static void Check(Template template, SchemaValidator check)
    {
        if (Paint.ParseColor(template.Background) is null) check.Add("/background", "unknown_color", $"\"{template.Background}\" is no CSS colour.");
        var names = new Dictionary<string, string>();
        var (clips, pixels) = (0, 0.0);
        for (var t = 0; t < template.Tracks.Count; t++)
        {
            CheckTrack(template, template.Tracks[t], $"/tracks/{t}", check);
            for (var c = 0; c < template.Tracks[t].Clips.Count; c++) Walk(template.Tracks[t].Clips[c], $"/tracks/{t}/clips/{c}");
        }
        if (clips > MostClips) check.Add("/tracks", "limit_exceeded", $"Must have at most {MostClips} clips, has {clips}.");
        if (pixels > MostPixels) check.Add("/tracks", "too_expensive", "Asks for more pixels than one film may have: make it smaller, shorter, or of fewer layers.");
        CheckReferences(template.Tracks.SelectMany((track, t) => track.Clips.Select((clip, c) => (clip, $"/tracks/{t}/clips/{c}"))), names, check);

        void Walk(Clip clip, string at)
        {
            clips++;
            if (clip.Name is { } name && !names.TryAdd(name, at)) check.Add($"{at}/name", "not_allowed", $"\"{name}\" is the name of another clip too.");
            if (clip is VisualClip visual)
            {
                CheckVisual(visual, at, check);
                var seconds = clip.Length.Seconds ?? template.Duration ?? 10;
                pixels += seconds * template.Fps * (visual.Width?.Of(template.Size.Width) ?? template.Size.Width) * (visual.Height?.Of(template.Size.Height) ?? template.Size.Height);
            }
            if (clip is AudioClip audio) CheckKeyframes(audio.Keyframes, ["volume"], at, check);
            if (clip is GroupClip group)
                for (var c = 0; c < group.Clips.Count; c++) Walk(group.Clips[c], $"{at}/clips/{c}");
        }
    }

    private static void CheckTrack(Template template, Track track, string at, SchemaValidator check)
    {
        (double Start, double End)? before = null;
        for (var c = 0; c < track.Clips.Count; c++)
        {
            var (clip, place) = (track.Clips[c], $"{at}/clips/{c}");
            var transition = (clip as VisualClip)?.Transition;
            if (clip.Start >= template.Duration) check.Add($"{place}/start", "out_of_range", $"Begins at or after the film's end, {Text(template.Duration.Value)} s.");
            if (clip.Start is null && c > 0 && track.Clips[c - 1].Length.Rule == "end")
                check.Add($"{place}/start", "missing_field", "The clip before it lasts until the film's end: say when this one begins.");
            // What is not written cannot be judged before the files are known.
            var start = clip.Start ?? (before?.End - (transition?.Duration ?? 0)) ?? (c == 0 ? 0 : null);
            if (start is { } begins && before is { } last)
            {
                if (begins < last.Start) check.Add($"{place}/start", "out_of_range", "Begins before the clip before it: a track's clips stand in the order of their times.");
                else if (transition is null && begins < last.End - 0.0005 && clip is VisualClip) check.Add($"{place}/start", "overlap", $"Begins while the clip before it lasts, until {Text(last.End)} s: give it a transition, or a track of its own.");
                else if (transition is not null && clip.Start is not null && begins > last.End - 0.0005) check.Add($"{place}/transition", "overlap", $"The clip before it ends at {Text(last.End)} s: this one must begin before that.");
            }
            before = start is { } from && clip.Length.Seconds is { } seconds ? (from, from + seconds) : null;
        }
    }

    private static void CheckReferences(IEnumerable<(Clip Clip, string At)> clips, Dictionary<string, string> names, SchemaValidator check)
    {
        foreach (var (clip, at) in clips)
            if (clip.Length.As is { } other && (other == clip.Name || !names.ContainsKey(other)))
                check.Add($"{at}/length", "unknown_reference", $"There is no other clip named \"{other}\".");
    }

    private static void CheckVisual(VisualClip clip, string at, SchemaValidator check)
    {
        CheckKeyframes(clip.Keyframes, Properties, at, check);
        if (clip.Transition is { } transition && !Transitions.Names.Contains(transition.Name))
            check.Add($"{at}/transition", "unknown_transition", $"\"{transition.Name}\" is none of {string.Join(", ", Transitions.Names)}.");
        if (clip.Crop is { } crop && (crop.Left + crop.Right >= 1 || crop.Top + crop.Bottom >= 1)) check.Add($"{at}/crop", "out_of_range", "Cuts everything off.");
        if (clip.Mask is { } mask && (mask.Src is null) == (mask.Shape is null)) check.Add($"{at}/mask", "not_allowed", "Give either src or shape.");
        if (clip.Mask is not null && clip is TextClip or GroupClip) check.Add($"{at}/mask", "not_allowed", "Text and groups have no mask.");
        if ((clip.Width is { Value: <= 0 }) || (clip.Height is { Value: <= 0 })) check.Add($"{at}/{(clip.Width is { Value: <= 0 } ? "width" : "height")}", "out_of_range", "Must be more than 0.");
        foreach (var (name, animation) in new[] { ("enter", clip.Enter), ("exit", clip.Exit) })
            if (animation is { By: not TextUnit.Block } && clip is not TextClip) check.Add($"{at}/{name}", "not_allowed", "Only text moves by line, word or letter.");

        switch (clip)
        {
            case ColorClip color: CheckColor(color.Color, $"{at}/color", check); break;
            case GradientClip gradient when Paint.Parse(gradient.Gradient) is not { Stops.Count: > 1 }:
                check.Add($"{at}/gradient", "invalid_format", "Must be a CSS linear-gradient() or radial-gradient() with two colours or more."); break;
            case ImageClip { ChromaKey: { } key }: CheckColor(key.Color, $"{at}/chromaKey/color", check); break;
            case VideoClip { ChromaKey: { } key }: CheckColor(key.Color, $"{at}/chromaKey/color", check); break;
            case ShapeClip shape: CheckShape(shape, at, check); break;
            case TextClip text: CheckStyle(text, at, check); break;
        }
    }

    private static void CheckShape(ShapeClip shape, string at, SchemaValidator check)
    {
        if (Paint.Parse(shape.Fill) is null) check.Add($"{at}/fill", "unknown_color", $"\"{shape.Fill}\" is no CSS colour or gradient.");
        if (shape.Stroke is { } stroke) CheckColor(stroke, $"{at}/stroke", check);
        if (shape.Shape == "polygon" && shape.Points is null) check.Add($"{at}/points", "missing_field", "Is required for a polygon.");
    }

    private static void CheckStyle(TextClip text, string at, SchemaValidator check)
    {
        foreach (var (name, value) in text.Style)
        {
            var place = SchemaValidator.Child($"{at}/style", name);
            if (!StyleProperties.Contains(name)) check.Add(place, "unknown_field", $"Is not a style here; known are {string.Join(", ", StyleProperties)}.");
            else if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number)) check.Add(place, "wrong_type", "Must be a string or a number.");
            else if (value.ValueKind == JsonValueKind.String && (SchemaValidator.Text(value) is not { Length: <= 1000 } css || !StyleForm().IsMatch(css))) check.Add(place, "invalid_format", "Is no value of CSS.");
            else if (name == "color" && value.ValueKind == JsonValueKind.String && Paint.Parse(value.GetString()!) is null) check.Add(place, "unknown_color", $"\"{value.GetString()}\" is no CSS colour or gradient.");
            else if (name == "fontSize" && Size(value) is not (> 0 and <= 2000)) check.Add(place, "out_of_range", "Must be between 1 and 2000 pixels.");
        }
    }

    private static double? Size(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble()
        : double.TryParse(value.GetString()!.Replace("px", "", StringComparison.Ordinal).TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var size) ? size : null;

    private static void CheckKeyframes(IReadOnlyDictionary<string, IReadOnlyList<Keyframe>> keyframes, string[] properties, string at, SchemaValidator check)
    {
        foreach (var (name, points) in keyframes)
        {
            var place = SchemaValidator.Child($"{at}/keyframes", name);
            if (!properties.Contains(name)) { check.Add(place, "unknown_field", $"Does not change over time; what does: {string.Join(", ", properties)}."); continue; }
            if (points.Count == 0) check.Add(place, "limit_exceeded", "Must have at least 1 item.");
            for (var i = 0; i < points.Count; i++)
            {
                if (i > 0 && points[i].At <= points[i - 1].At) check.Add($"{place}/{i}/at", "out_of_range", "Must be later than the point before it.");
                if (points[i].Value.IsShare && !Shares.Contains(name)) check.Add($"{place}/{i}/value", "invalid_format", "Must be a number.");
            }
        }
    }

    private static void CheckColor(string color, string at, SchemaValidator check)
    {
        if (Paint.ParseColor(color) is null) check.Add(at, "unknown_color", $"\"{color}\" is no CSS colour.");
    }

    private static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[^;{}<>\\@]{0,1000}$", RegexOptions.CultureInvariant)]
    private static partial Regex StyleForm();
}

/// <summary>The transitions between clips: those of ffmpeg's xfade.</summary>
public static class Transitions
{
    public static readonly IReadOnlyList<string> Names =
    [
        "fade", "wipeleft", "wiperight", "wipeup", "wipedown", "slideleft", "slideright", "slideup", "slidedown", "circlecrop", "rectcrop", "distance", "fadeblack", "fadewhite", "radial",
        "smoothleft", "smoothright", "smoothup", "smoothdown", "circleopen", "circleclose", "vertopen", "vertclose", "horzopen", "horzclose", "dissolve", "pixelize", "diagtl", "diagtr",
        "diagbl", "diagbr", "hlslice", "hrslice", "vuslice", "vdslice", "hblur", "fadegrays", "wipetl", "wipetr", "wipebl", "wipebr", "squeezeh", "squeezev", "zoomin", "fadefast", "fadeslow",
        // Since ffmpeg 6.1; Render asks the one that is installed.
        "hlwind", "hrwind", "vuwind", "vdwind", "coverleft", "coverright", "coverup", "coverdown", "revealleft", "revealright", "revealup", "revealdown",
    ];
}
