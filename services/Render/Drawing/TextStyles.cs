using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Platform.Browser;
using Platform.Templates;

namespace Platform.Render.Drawing;

/// <summary>Reads a text clip's CSS-like style. What the template's reader let through is understood here.</summary>
internal static partial class TextStyles
{
    public static ImmutableArray<string> Families(TextClip clip) =>
        Text(clip, "fontFamily") is { } families ? [.. families.Split(',').Select(family => family.Trim().Trim('"', '\'')).Where(family => family.Length > 0)] : ["Inter", "Noto Sans", "sans-serif"];

    public static TextStyle Of(TextClip clip, int width, int height)
    {
        var size = Length(clip, "fontSize", height) ?? Math.Round(height / 15.0);
        var stroke = Text(clip, "textStroke") is { } text && StrokeForm().Match(text) is { Success: true } match
            ? new TextOutline(double.Parse(match.Groups["width"].Value, CultureInfo.InvariantCulture), match.Groups["color"].Value) : null;
        var area = clip.Width?.Of(width);
        return new TextStyle
        {
            Families = Families(clip),
            Size = size,
            Weight = Weight(clip),
            Italic = Text(clip, "fontStyle") is "italic" or "oblique",
            Color = Text(clip, "color") ?? "#ffffff",
            Gradient = Text(clip, "color") is { } color && Gradient(color) is { } painted ? painted : null,
            LetterSpacing = Length(clip, "letterSpacing", size) ?? 0,
            LineHeight = LineHeight(clip, size),
            Align = Text(clip, "textAlign") switch
            {
                "left" => TextAlign.Left, "right" => TextAlign.Right, "end" => TextAlign.End, "justify" => TextAlign.Justify, "start" => TextAlign.Start, "center" => TextAlign.Center,
                _ => clip.Anchor.Contains("left", StringComparison.Ordinal) ? TextAlign.Left : clip.Anchor.Contains("right", StringComparison.Ordinal) ? TextAlign.Right : TextAlign.Center,
            },
            Case = Text(clip, "textTransform") switch { "uppercase" => TextCase.Upper, "lowercase" => TextCase.Lower, "capitalize" => TextCase.Capitalize, _ => TextCase.AsWritten },
            Direction = clip.Direction switch { "ltr" => TextDirection.LeftToRight, "rtl" => TextDirection.RightToLeft, _ => TextDirection.Auto },
            Language = Text(clip, "lang"),
            Width = area,
            MaxWidth = area is null ? Length(clip, "maxWidth", width) ?? width * 0.9 : null,
            Balanced = Text(clip, "textWrap") == "balance",
            Shadows = Shadows(clip),
            Outline = stroke,
            Background = Background(clip),
        } is var style && style.Gradient is not null ? style with { Color = "#ffffff" } : style;
    }

    private static TextBackground? Background(TextClip clip)
    {
        if ((Text(clip, "backgroundColor") ?? Text(clip, "background")) is not { } fill) return null;
        var padding = (Text(clip, "padding") ?? "0").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => Pixels(part, 0) ?? 0).ToArray();
        var gradient = Gradient(fill);
        return new TextBackground(gradient is null ? fill : "transparent")
        {
            Gradient = gradient, PaddingY = padding[0], PaddingX = padding.Length > 1 ? padding[1] : padding[0],
            Radius = Length(clip, "borderRadius", 0) ?? 0, PerLine = Text(clip, "boxDecoration") == "line",
        };
    }

    private static TextGradient? Gradient(string text) => text.Contains("gradient(", StringComparison.Ordinal) && Paint.Parse(text) is { } paint
        ? new TextGradient(paint.Angle, [.. paint.Stops.Select(stop => new GradientStop(Css(stop.Color), stop.At))]) : null;

    private static string Css(Rgba color) => string.Create(CultureInfo.InvariantCulture, $"rgba({color.R}, {color.G}, {color.B}, {color.A:0.###})");

    private static ImmutableArray<TextShadow> Shadows(TextClip clip) => Text(clip, "textShadow") is { } text && text != "none"
        ? [.. Comma().Split(text).Select(part => ShadowForm().Match(part.Trim())).Where(match => match.Success).Select(match => new TextShadow(
            Pixels(match.Groups["x"].Value, 0) ?? 0, Pixels(match.Groups["y"].Value, 0) ?? 0, Pixels(match.Groups["blur"].Value, 0) ?? 0,
            match.Groups["color"].Value.Length > 0 ? match.Groups["color"].Value : "#000000"))]
        : [];

    private static int Weight(TextClip clip) => clip.Style.GetValueOrDefault("fontWeight") switch
    {
        { ValueKind: JsonValueKind.Number } number => number.GetInt32(),
        { ValueKind: JsonValueKind.String } text => text.GetString() switch { "bold" => 700, "normal" => 400, "lighter" => 300, "bolder" => 800, var other => int.TryParse(other, CultureInfo.InvariantCulture, out var weight) ? weight : 400 },
        _ => 600,
    };

    // As in CSS: a bare number counts in sizes of the letters.
    private static double LineHeight(TextClip clip, double size) => clip.Style.GetValueOrDefault("lineHeight") switch
    {
        { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
        { ValueKind: JsonValueKind.String } text => double.TryParse(text.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var bare) ? bare : Pixels(text.GetString()!, size) / size ?? 1.2,
        _ => 1.2,
    };

    private static double? Length(TextClip clip, string property, double whole) => clip.Style.GetValueOrDefault(property) switch
    {
        { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
        { ValueKind: JsonValueKind.String } text => Pixels(text.GetString()!, whole),
        _ => null,
    };

    private static double? Pixels(string text, double whole)
    {
        var (unit, factor) = text.EndsWith("px", StringComparison.Ordinal) ? (2, 1.0) : text.EndsWith("em", StringComparison.Ordinal) ? (2, whole) : text.EndsWith('%') ? (1, whole / 100) : (0, 1.0);
        return double.TryParse(text[..^unit], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number * factor : null;
    }

    private static string? Text(TextClip clip, string property) => clip.Style.GetValueOrDefault(property) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    [GeneratedRegex(@"^(?<width>[0-9.]+)(px)?\s+(?<color>.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex StrokeForm();

    [GeneratedRegex(@"^(?<x>-?[0-9.]+(px)?)\s+(?<y>-?[0-9.]+(px)?)(\s+(?<blur>[0-9.]+(px)?))?(\s+(?<color>[^0-9].*))?$", RegexOptions.CultureInvariant)]
    private static partial Regex ShadowForm();

    [GeneratedRegex(@",(?![^(]*\))", RegexOptions.CultureInvariant)]
    private static partial Regex Comma();
}
