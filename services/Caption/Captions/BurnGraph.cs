using System.Collections.Immutable;
using System.Globalization;
using Platform.Contracts;
using Platform.Ffmpeg;

namespace Platform.Caption.Captions;

/// <summary>A picture that lies over the film in some times.</summary>
internal sealed record Sticker(string Path, int X, int Y, ImmutableArray<(TimeSpan From, TimeSpan To)> Times)
{
    /// <summary>When, as ffmpeg has it.</summary>
    public string Condition => string.Join('+', Times.Select(time => $"between(t,{FilterGraph.ValueText(time.From)},{FilterGraph.ValueText(time.To)})"));
}

/// <summary>How captions come into the picture, and how that is encoded. Pure.</summary>
internal static class BurnGraph
{
    /// <summary>Where libass finds the machine's fonts without reading them all anew.</summary>
    public static readonly ImmutableArray<string> FontCache = [.. ((string[])["/var/cache/fontconfig"]).Where(Directory.Exists)];

    /// <summary>The film at <c>[out]</c>: constant rate, square pixels, its captions on it.</summary>
    /// <param name="picture">Of the film, input 0.</param>
    /// <param name="script">Path of the ASS script, or null for a film without captions.</param>
    /// <param name="stickers">Inputs 1 and following: pictures that lie over it for a while.</param>
    public static FilterGraph For(VideoStream picture, string? script, ImmutableArray<Sticker> stickers)
    {
        var (width, height) = Size(picture);
        Filter[] prepare =
        [
            Filters.Fps(picture.FrameRate),
            .. (width, height) == (picture.Width, picture.Height) ? (Filter[])[] : [Filters.Scale(width, height)],
            Filters.SquarePixels(),
            Filters.PixelFormat("yuv420p"),
            .. script is null ? (Filter[])[] : [Filters.Ass(script)],
        ];
        return new FilterGraph(
        [
            Filters.Chain("0:v:0", stickers.IsEmpty ? "out" : "over0", [.. prepare]),
            .. stickers.Select((sticker, i) => new FilterChain([$"over{i}", $"{i + 1}:v:0"], [Filters.OverlayWhile(sticker.X, sticker.Y, sticker.Condition)], [i + 1 == stickers.Length ? "out" : $"over{i + 1}"])),
        ]);
    }

    /// <summary>Size of the result: square pixels, both sides even.</summary>
    public static (int Width, int Height) Size(VideoStream picture)
    {
        var wide = picture.PixelAspect.Value > 0 ? picture.Width * picture.PixelAspect.Value : picture.Width;
        return ((int)Math.Round(wide / 2) * 2, picture.Height / 2 * 2);
    }

    /// <summary>How the picture is encoded: for the result by the job's settings, else fast and near enough to lossless.</summary>
    public static ImmutableArray<string> Picture(FinalEncode? encode, Rational rate) =>
        FilmPicture.Options(encode?.Settings.Preset ?? FilmPicture.FastPreset, encode?.Settings.Crf ?? FilmPicture.FastCrf, rate);

    /// <summary>How the sound is encoded: AAC in a result, as it is in Matroska where that is exact already, else PCM.</summary>
    public static ImmutableArray<string> Sound(FinalEncode? encode, AudioStream sound) =>
        encode is { WritesResult: true } final ? ["-c:a", "aac", "-b:a", Text(final.Settings.AudioBitrate)]
        : sound.Codec is "flac" || sound.Codec.StartsWith("pcm_", StringComparison.Ordinal) ? ["-c:a", "copy"]
        : ["-c:a", "pcm_f32le"];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
