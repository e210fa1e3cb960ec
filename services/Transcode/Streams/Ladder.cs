using System.Collections.Immutable;
using System.Globalization;

namespace Platform.Transcode.Streams;

/// <summary>One size of a streamed film.</summary>
/// <param name="Width">In pixels, even.</param>
/// <param name="Height">In pixels, even.</param>
/// <param name="Bitrate">Most bits per second.</param>
internal sealed record Rendition(int Width, int Height, int Bitrate)
{
    /// <summary>Named after the shorter side, as people name them: <c>720p</c>.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Math.Min(Width, Height)}p");
}

/// <summary>Which sizes a film is streamed in. Pure.</summary>
internal static class Ladder
{
    private const int Most = 4;

    /// <summary>A step is worth having when it is smaller than the one above by this.</summary>
    private const double Step = 0.8;

    /// <summary>Shorter side and bits per second: the rows of the table of variants in "HLS Authoring Specification for Apple Devices" (developer.apple.com) that are a step apart.</summary>
    private static readonly ImmutableArray<(int Side, int Bitrate)> Rungs = [(1080, 7_800_000), (720, 4_500_000), (540, 2_000_000), (360, 730_000), (234, 145_000)];

    /// <summary>The film's own size first, then smaller ones; at most four.</summary>
    public static ImmutableArray<Rendition> For(int width, int height)
    {
        var side = Math.Min(width, height);
        return
        [
            new Rendition(width, height, Rungs.Last(rung => rung.Side >= side || rung == Rungs[0]).Bitrate),
            .. Rungs.Where(rung => rung.Side <= side * Step).Take(Most - 1).Select(rung => new Rendition(Even(width, rung.Side, side), Even(height, rung.Side, side), rung.Bitrate)),
        ];
    }

    private static int Even(int length, int part, int whole) => (int)Math.Round((double)length * part / whole / 2) * 2;
}
