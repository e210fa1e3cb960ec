using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Stages;

/// <summary>Settings that every worker has.</summary>
public sealed class StagesOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Stages";

    /// <summary>Folder under which each run gets a workspace. Must be passable for the user that Chromium runs as.</summary>
    [Required] public string WorkFolder { get; set; } = Path.Combine(Path.GetTempPath(), "platform-work");

    /// <summary>Runs at once per kind of stage in this process.</summary>
    [Range(1, 64)] public int Concurrency { get; set; } = 1;

    /// <summary>With fewer free bytes in the work folder no work is taken.</summary>
    [Range(0L, long.MaxValue)] public long MinimumFreeBytes { get; set; } = 2L << 30;

    /// <summary>How long a run whose deliveries were all lost goes on and waits to be joined.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")] public TimeSpan LostGrace { get; set; } = TimeSpan.FromSeconds(60);
}

[OptionsValidator]
internal sealed partial class StagesOptionsValidator : IValidateOptions<StagesOptions>;
