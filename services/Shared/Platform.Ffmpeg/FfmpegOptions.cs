using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Ffmpeg;

/// <summary>Section <c>Ffmpeg</c>.</summary>
public sealed class FfmpegOptions
{
    public const string Section = "Ffmpeg";

    /// <summary>A path, or a name on the PATH.</summary>
    [Required]
    public string FfmpegPath { get; init; } = "ffmpeg";

    [Required]
    public string FfprobePath { get; init; } = "ffprobe";

    /// <summary>The longest one run may take.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(6);

    /// <summary>The longest one look at a file may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Memory of one run, in bytes. Default 4 GB.</summary>
    [Range(100_000_000L, long.MaxValue)]
    public long MemoryBytes { get; init; } = 4L << 30;

    /// <summary>The largest file one run may write, in bytes. Default 64 GB.</summary>
    [Range(1_000_000L, long.MaxValue)]
    public long FileBytes { get; init; } = 64L << 30;
}

[OptionsValidator]
internal sealed partial class FfmpegOptionsValidator : IValidateOptions<FfmpegOptions>;
