using System.Collections.Immutable;

namespace Platform.Ffmpeg;

/// <summary>Brings a picture of any colours and pixels to what films have: BT.709 of limited range, square pixels. Pure.</summary>
public static class PlainPicture
{
    /// <summary>Pixels that are longer or wider than this are a mistake of the file, and taken for square ones.</summary>
    private const double OddestPixel = 8;

    /// <summary>Pixels that share one sample of chroma in the format that has fewest (4:1:0).</summary>
    private const int MostSubsampled = 4;

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
        [.. Coloured(picture, width, height), Filters.SquarePixels(), Filters.PixelFormat(format)];

    /// <summary>Filters that give a picture a size and the colours of films; its pixel format is left as it comes.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    public static ImmutableArray<Filter> Coloured(VideoStream picture, int width, int height) => [.. Scale(picture, width, height), .. IsHighRange(picture) ? Filters.ToneMap() : []];

    /// <summary>The filter that tells those after it which weights a picture has that does not say so itself: they would take those of BT.601 whatever its size. None for RGB and for what says it.</summary>
    /// <param name="picture">The picture.</param>
    public static ImmutableArray<Filter> Named(VideoStream picture) =>
        picture.ColorSpace is null && Matrix(picture) is { } matrix ? [Filters.NameColours(matrix == "709" ? "bt709" : "smpte170m")] : [];

    private static IEnumerable<Filter> Scale(VideoStream picture, int width, int height)
    {
        if (!NeedsColours(picture) || IsHighRange(picture))
            return [Filters.Scale(width, height)];
        if (Matrix(picture) is not { } matrix)
            return [Filters.ScaleRgbTo709(width, height)];
        var full = picture.ColorRange == "pc";
        var to709 = Filters.ScaleTo709(width, height, matrix, full ? "full" : "limited");
        // zscale reads no picture whose sides its format's chroma does not divide; filter scale does, and is told to leave the range alone.
        if (picture.Width % MostSubsampled == 0 && picture.Height % MostSubsampled == 0)
            return [to709];
        var range = full ? "pc" : "tv";
        var even = Filters.Scale(width, height);
        return [even with { Options = [.. even.Options, ("in_range", range), ("out_range", range)] }, to709];
    }

    private static bool NeedsColours(VideoStream picture) => picture.ColorRange == "pc" || Matrix(picture) != "709";

    /// <summary>What the filter zscale calls the picture's weights; null for RGB. A file that does not say has those that players take: by its size.</summary>
    private static string? Matrix(VideoStream picture) => picture.ColorSpace switch
    {
        "gbr" => null,
        null when IsRgb(picture.PixelFormat) => null,
        null when picture.Codec is "webp" or "mjpeg" => "170m",
        null => picture.Height >= LinesOfHighDefinition || picture.Width >= LinesOfHighDefinition * 16 / 9 ? "709" : "170m",
        "bt470bg" => "470bg",
        "smpte170m" => "170m",
        "smpte240m" => "240m",
        "bt2020nc" => "2020_ncl",
        "bt2020c" => "2020_cl",
        "fcc" => "fcc",
        _ => "709",
    };

    private static bool IsRgb(string format) =>
        format.Contains("rgb", StringComparison.Ordinal) || format.Contains("bgr", StringComparison.Ordinal) || format.StartsWith("gbr", StringComparison.Ordinal) || format is "argb" or "abgr" or "pal8";
}
