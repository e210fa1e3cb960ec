using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Browser;

/// <summary>Section <c>Browser</c>.</summary>
public sealed class BrowserOptions
{
    public const string Section = "Browser";

    /// <summary>The executable. Null: the first of <see cref="ChromiumExecutable.Candidates"/> that is there.</summary>
    [MinLength(1)]
    public string? Executable { get; init; }

    /// <summary>The folder that profiles are made in, each a folder of its own that goes with its browser. Null: the temporary folder.</summary>
    [MinLength(1)]
    public string? ProfileRoot { get; init; }

    /// <summary>Resident memory of a browser with all its processes, in bytes. Default 3 GiB.</summary>
    [Range(256L << 20, 1L << 40)]
    public long MemoryBytes { get; init; } = 3L << 30;

    /// <summary>From start until the first page can be opened. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest real time that one frame of virtual time may take before the page counts as hung. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan FrameTimeout { get; init; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class BrowserOptionsValidator : IValidateOptions<BrowserOptions>;
