using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Orchestrator.Sweeping;

/// <summary>How jobs that stand still are found.</summary>
internal sealed class SweepingOptions
{
    public const string Section = "Sweeping";

    /// <summary>How long an Idempotency-Key is remembered: the API promises at least 24 hours.</summary>
    public static readonly TimeSpan RequestRetention = TimeSpan.FromHours(25);

    /// <summary>Pause between looks: also how late a retry may be.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")] public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>For how long a job that was looked at is left alone, should its message be slow.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")] public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Jobs per look.</summary>
    [Range(1, 10_000)] public int Batch { get; set; } = 200;

    /// <summary>Send the commands of every unfinished job again at start: for a bus whose messages live and die with the process.</summary>
    public bool ResumeOnStart { get; set; }
}

[OptionsValidator]
internal sealed partial class SweepingOptionsValidator : IValidateOptions<SweepingOptions>;
