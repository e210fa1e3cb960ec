using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.Ffmpeg;

/// <summary>How loud a sound is by EBU R 128 (ITU-R BS.1770).</summary>
/// <param name="Integrated">In LUFS; null where there is nothing louder than the gate of −70.</param>
/// <param name="Range">In LU.</param>
/// <param name="TruePeak">In dBTP; null for silence.</param>
public sealed record Loudness(double? Integrated, double Range, double? TruePeak)
{
    private const double Gate = -70;

    /// <summary>Reads the last summary of the filter ebur128.</summary>
    /// <exception cref="MediaException"><c>media.ffmpeg_failed</c>: there is none.</exception>
    public static Loudness Read(string stderr)
    {
        var summary = stderr.LastIndexOf("Summary:", StringComparison.Ordinal);
        var text = summary < 0 ? "" : stderr[summary..];
        return Number(text, @"I:\s+(\S+) LUFS") is { } integrated && Number(text, @"LRA:\s+(\S+) LU") is { } range && Number(text, @"Peak:\s+(\S+) dBFS") is { } peak
            ? new Loudness(integrated > Gate ? integrated : null, range, double.IsFinite(peak) ? peak : null)
            : throw new MediaException("media.ffmpeg_failed", true, "ffmpeg did not say how loud the sound is.");
    }

    private static double? Number(string text, string pattern) => Regex.Match(text, pattern) is { Success: true } match
        ? match.Groups[1].Value is "-inf" or "nan" or "-nan" ? double.NegativeInfinity : double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
        : null;
}

/// <summary>Questions about media that take a run of ffmpeg to answer.</summary>
public static class FfmpegMeasurements
{
    /// <summary>Measures the loudness of a file's first sound.</summary>
    /// <exception cref="MediaException">It could not be read.</exception>
    public static async Task<Loudness> MeasureLoudnessAsync(this IFfmpeg ffmpeg, string path, string workspace, Action<FfmpegProgress>? progress, CancellationToken cancellationToken) =>
        Loudness.Read(await ffmpeg.RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(path) { Options = ["-vn"] }],
                Graph = new FilterGraph(Filters.Chain("0:a:0", "out", Filters.Loudness())),
                Outputs = [new FfmpegOutput("-") { Maps = ["[out]"], Format = "null" }],
                LogLevel = "info",
            },
            workspace,
            progress,
            cancellationToken));
}
