using System.Collections.Immutable;
using System.Globalization;
using Platform.Ffmpeg;
using Platform.Templates;

namespace Platform.Render.Graphs;

/// <summary>Brings a film file's pictures to our times and to an area's size.</summary>
internal static class FilmChain
{
    /// <summary>
    /// Frames are looked up a little after their time: where two rates meet, times of theirs often lie exactly on those of ours, and which frame is taken
    /// would hang on rounding, which differs between a whole film and its parts.
    /// </summary>
    private const double Phase = 0.27;

    /// <summary>Frames on our times, from one of our frames on.</summary>
    public static IEnumerable<Filter> Timed(FilmShot shot, int fps, int from) =>
    [
        Filters.SetPts(string.Create(CultureInfo.InvariantCulture, $"((PTS*TB+{shot.Seek}-{shot.From:0.######})/{shot.Speed:0.####}+({shot.Start}+{Phase})/{fps})/TB")),
        Filters.FillFps(fps, from),
    ];

    /// <summary>Chains from <paramref name="input"/> to <paramref name="output"/> that fill an area. All of them lie in the order that ffmpeg wants.</summary>
    public static IEnumerable<FilterChain> Fitted(string input, string output, IEnumerable<Filter> timed, FilmShot shot, int width, int height, Surface surface, IEnumerable<Filter> after)
    {
        var (w, h) = (shot.Picture.Width, shot.Picture.Height);
        timed = [.. PlainPicture.Named(shot.Picture), .. timed];
        var format = shot.ChromaKey is null && shot.Fit != "contain" && surface == Surface.Yuv ? "yuv420p" : surface == Surface.Yuv ? "yuva420p" : "rgba";
        Filter[] key = shot.ChromaKey is { } chroma ? [Filters.PixelFormat("yuva444p"), Filters.ChromaKey(Hex(chroma.Color), chroma.Similarity, chroma.Blend)] : [];
        switch (shot.Fit)
        {
            case "fill":
                yield return new FilterChain([input], [.. timed, .. Scale(shot, width, height, surface), .. key, Filters.SquarePixels(), Filters.PixelFormat(format), .. after], [output]);
                break;
            case "contain":
            {
                var (cw, ch) = Contained(w, h, width, height);
                yield return new FilterChain([input],
                [
                    .. timed, .. Scale(shot, cw, ch, surface), .. key, Filters.SquarePixels(), Filters.PixelFormat(format),
                    .. (cw, ch) == (width, height) ? (Filter[])[] : [Filters.Pad(width, height, (width - cw) / 4 * 2, (height - ch) / 4 * 2, "black@0")], .. after,
                ], [output]);
                break;
            }
            case "blur":
            {
                var ((cw, ch), (ow, oh)) = (Contained(w, h, width, height), Covering(w, h, width, height));
                yield return new FilterChain([input], [.. timed, Filters.SquarePixels(), Filters.Split(2)], [$"{output}sharp", $"{output}wide"]);
                yield return new FilterChain([$"{output}wide"],
                    [.. Scale(shot, ow, oh, surface), Filters.Crop(width, height, (ow - width) / 4 * 2, (oh - height) / 4 * 2), Filters.PixelFormat(format), Filters.Blur(Math.Round(Math.Min(width, height) / 36.0, 2))], [$"{output}soft"]);
                yield return new FilterChain([$"{output}sharp"], [.. Scale(shot, cw, ch, surface), .. key, Filters.PixelFormat(surface == Surface.Yuv ? "yuva420p" : "rgba")], [$"{output}whole"]);
                yield return new FilterChain([$"{output}soft", $"{output}whole"],
                    [new Filter("overlay", ("x", (width - cw) / 4 * 2), ("y", (height - ch) / 4 * 2), ("format", surface == Surface.Yuv ? "yuv420" : "rgb")), Filters.PixelFormat(format), .. after], [output]);
                break;
            }
            default:
            {
                var (ow, oh) = Covering(w, h, width, height);
                yield return new FilterChain([input],
                [
                    .. timed, .. Scale(shot, ow, oh, surface), .. (ow, oh) == (width, height) ? (Filter[])[] : [Filters.Crop(width, height, (ow - width) / 4 * 2, (oh - height) / 4 * 2)],
                    .. key, Filters.SquarePixels(), Filters.PixelFormat(format), .. after,
                ], [output]);
                break;
            }
        }
    }

    /// <summary>The smallest even size of a shape that covers an area.</summary>
    public static (int Width, int Height) Covering(int w, int h, int width, int height) =>
        (long)w * height >= (long)h * width ? (Math.Max(width, Even((double)height * w / h)), height) : (width, Math.Max(height, Even((double)width * h / w)));

    /// <summary>The largest even size of a shape that fits into an area.</summary>
    public static (int Width, int Height) Contained(int w, int h, int width, int height) =>
        (long)w * height >= (long)h * width ? (width, Math.Clamp(Even((double)width * h / w), 2, height)) : (Math.Clamp(Even((double)height * w / h), 2, width), height);

    /// <summary>A colour as ffmpeg reads one.</summary>
    public static string Hex(string css) => Paint.ParseColor(css) is { } c ? $"0x{c.R:X2}{c.G:X2}{c.B:X2}" : throw new ArgumentException("no colour", nameof(css));

    private static ImmutableArray<Filter> Scale(FilmShot shot, int width, int height, Surface surface) =>
        surface == Surface.Yuv ? PlainPicture.Coloured(shot.Picture, width, height) : [Filters.Scale(width, height)];

    private static int Even(double length) => (int)Math.Round(length / 2) * 2;
}
