using System.Collections.Immutable;
using System.Globalization;

namespace Platform.Ffmpeg;

/// <summary>How the picture of a film is encoded, whoever makes it: H.264, yuv420p, BT.709 of limited range, constant rate, closed groups.</summary>
public static class FilmPicture
{
    /// <summary>For a film that another stage works on: fast, and near enough to lossless.</summary>
    public const string FastPreset = "ultrafast";

    /// <summary>The rate factor that goes with it.</summary>
    public const int FastCrf = 12;

    /// <summary>Seconds from key frame to key frame: what players seek by, and what later stages cut at.</summary>
    public const int GroupSeconds = 2;

    /// <summary>The options of an output.</summary>
    /// <param name="preset">x264's preset.</param>
    /// <param name="crf">x264's constant rate factor, 0 to 51.</param>
    /// <param name="rate">Frames per second.</param>
    public static ImmutableArray<string> Options(string preset, int crf, Rational rate) =>
    [
        "-c:v", "libx264", "-preset", preset, "-crf", Text(crf), "-pix_fmt", "yuv420p", "-g", Text((int)Math.Max(1, Math.Round(GroupSeconds * rate.Value))), "-flags", "+cgop",
        "-fps_mode", "cfr", "-r", rate.ToString(), "-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv",
    ];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
