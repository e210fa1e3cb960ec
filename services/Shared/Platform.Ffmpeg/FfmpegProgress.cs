using System.Globalization;

namespace Platform.Ffmpeg;

/// <summary>How far a run is.</summary>
/// <param name="Time">Length of what is written.</param>
/// <param name="Frames">Pictures written.</param>
/// <param name="Share">0 to 1, or null when the command does not say how long its result will be.</param>
public sealed record FfmpegProgress(TimeSpan Time, long Frames, double? Share);

/// <summary>Reads the blocks of <c>key=value</c> lines that <c>-progress</c> writes twice a second.</summary>
internal sealed class ProgressReader(TimeSpan? length)
{
    private string state = "";
    private TimeSpan time;
    private long frames;
    private long bytes;

    /// <summary>Takes a line. Null: not one of progress.</summary>
    public (bool Moved, FfmpegProgress? Progress)? Read(string line)
    {
        var split = line.IndexOf('=', StringComparison.Ordinal);
        if (split <= 0)
        {
            return null;
        }

        var value = line[(split + 1)..].Trim();
        switch (line[..split])
        {
            case "out_time_us" when long.TryParse(value, CultureInfo.InvariantCulture, out var us):
                time = TimeSpan.FromMicroseconds(Math.Max(0, us));
                return (false, null);
            case "frame" when long.TryParse(value, CultureInfo.InvariantCulture, out var frame):
                frames = frame;
                return (false, null);
            case "total_size":
                bytes = long.TryParse(value, CultureInfo.InvariantCulture, out var size) ? size : 0;
                return (false, null);
            case "progress":
                var before = state;
                state = string.Create(CultureInfo.InvariantCulture, $"{time} {frames} {bytes}");
                var share = length is { Ticks: > 0 } whole ? Math.Clamp(time / whole, 0, 1) : (double?)null;
                return (state != before, new FfmpegProgress(time, frames, value == "end" && share is not null ? 1 : share));
            case "out_time_us" or "frame" or "out_time_ms" or "out_time" or "fps" or "bitrate" or "speed" or "dup_frames" or "drop_frames":
            case var key when key.StartsWith("stream_", StringComparison.Ordinal):
                return (false, null);
            default:
                return null;
        }
    }
}
