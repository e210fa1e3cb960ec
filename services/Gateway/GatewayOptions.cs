using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Gateway;

/// <summary>Limits of the API.</summary>
public sealed class GatewayOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Gateway";

    /// <summary>Largest upload in bytes.</summary>
    [Range(1L, 1L << 40)] public long MaxUploadBytes { get; set; } = 2L << 30;

    /// <summary>How long an uploaded file is kept for jobs to come.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")] public TimeSpan UploadLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a signed link to a result works.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")] public TimeSpan LinkLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often a silent event stream shows that it lives, and looks for events that the bus did not bring.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")] public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Event streams that one tenant may have open at this gateway.</summary>
    [Range(1, 100_000)] public int MaxReadersPerTenant { get; set; } = 100;

    /// <summary>Age of the oldest undelivered message from which on the gateway says that it is not ready.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")] public TimeSpan MaxOutboxAge { get; set; } = TimeSpan.FromSeconds(10);
}

[OptionsValidator]
internal sealed partial class GatewayOptionsValidator : IValidateOptions<GatewayOptions>;
