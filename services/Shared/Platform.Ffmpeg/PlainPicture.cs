using System.Collections.Immutable;

namespace Platform.Ffmpeg;

/// <summary>Brings a picture of any colours and pixels to what films have: BT.709 of limited range, square pixels. Pure.</summary>
public static class PlainPicture
{
    /// <summary>Pixels that are longer or wider than this are a mistake of the file, and taken for square ones.</summary>
    private const double OddestPixel = 8;

    private const int LinesOfHighDefinition = 720;

    /// <summary>Width to height of one pixel.</summary>
    public static double PixelAspect(VideoStream picture) =>
        picture.PixelAspect.Value is >= 1 / OddestPixel and <= OddestPixel and var aspect ? aspect : 1;

    /// <summary>Whether it is of high dynamic range (PQ, HLG).</summary>
    public static bool IsHighRange(VideoStream picture) => picture.ColorTransfer is "smpte2084" or "arib-std-b67";

    /// <summary>Filters that give a picture a size, square pixels and the colours of films.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="format">ffmpeg's name of the pixel format that comes out.</param>
    public static ImmutableArray<Filter> Sized(VideoStream picture, int width, int height, string format = "yuv420p") =>
        [Scale(picture, width, height), .. IsHighRange(picture) ? Filters.ToneMap() : [], Filters.SquarePixels(), Filters.PixelFormat(format)];

    private static Filter Scale(VideoStream picture, int width, int height)
    {
        var scale = Filters.Scale(width, height);
        return !NeedsColours(picture) || IsHighRange(picture) ? scale : scale with
        {
            Options = [.. scale.Options, .. Matrix(picture) is { } matrix ? [("in_color_matrix", (object)matrix)] : ImmutableArray<(string, object)>.Empty, ("out_color_matrix", "bt709"), ("out_range", "tv")],
        };
    }

    private static bool NeedsColours(VideoStream picture) => picture.ColorRange == "pc" || Matrix(picture) != "bt709";

    /// <summary>What the filter scale calls the picture's colours; null for RGB. A file that does not say has those that players take: by its size.</summary>
    private static string? Matrix(VideoStream picture) => picture.ColorSpace switch
    {
        "gbr" => null,
        null when IsRgb(picture.PixelFormat) => null,
        null => picture.Height >= LinesOfHighDefinition || picture.Width >= LinesOfHighDefinition * 16 / 9 ? "bt709" : "smpte170m",
        "bt470bg" => "bt470",
        "bt2020nc" or "bt2020c" => "bt2020",
        "smpte170m" or "smpte240m" or "fcc" or "bt709" => picture.ColorSpace,
        _ => "bt709",
    };

    private static bool IsRgb(string format) =>
        format.Contains("rgb", StringComparison.Ordinal) || format.Contains("bgr", StringComparison.Ordinal) || format.StartsWith("gbr", StringComparison.Ordinal) || format is "argb" or "abgr" or "pal8";
}
