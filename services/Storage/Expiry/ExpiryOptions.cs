using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Storage.Expiry;

/// <summary>When files go that nobody needs.</summary>
internal sealed class ExpiryOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Expiry";

    /// <summary>Time between two sweeps.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")] public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A file younger than this stays though nobody refers to it: it was just made or just found, and its job's message is on its way.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")] public TimeSpan Grace { get; set; } = TimeSpan.FromHours(1);

    /// <summary>An upload that began longer ago and is not finished never will be.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")] public TimeSpan AbandonedAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long the marks of cancelled work are kept: longer than any command stays in a queue.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")] public TimeSpan Marks { get; set; } = TimeSpan.FromDays(7);
}

[OptionsValidator] internal sealed partial class ExpiryOptionsValidator : IValidateOptions<ExpiryOptions>;
