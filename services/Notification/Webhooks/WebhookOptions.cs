using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Notification.Webhooks;

/// <summary>How webhooks are delivered. The defaults are the promised ones; tests shorten them.</summary>
internal sealed class WebhookOptions : IValidatableObject
{
    public const string Section = "Webhooks";

    /// <summary>Where our API is reached from outside, such as <c>https://video.example.com</c>; put before the links in payloads. Null: links are paths.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>Longest wait for an endpoint's answer, connecting included. The specification asks for 15 to 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:30")] public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Pauses before each try, the first included; null for <see cref="RetrySchedule.Published"/>.</summary>
    public IReadOnlyList<TimeSpan>? Schedule { get; set; }

    /// <summary>How often due deliveries are looked for when nobody gives a sign: also how late a retry may be.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")] public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Deliveries under way in this process.</summary>
    [Range(1, 1000)] public int MaxConcurrent { get; set; } = 64;

    /// <summary>Deliveries under way to one URL, over all processes.</summary>
    [Range(1, 100)] public int MaxPerUrl { get; set; } = 2;

    /// <summary>Deliveries under way for one tenant, over all processes: slow endpoints of one leave room for the others.</summary>
    [Range(1, 1000)] public int MaxPerTenant { get; set; } = 16;

    /// <summary>How long a delivery is remembered after its end.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "365.00:00:00")] public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>For how long a delivery that was taken is left alone: if its process dies, another sends it again after this.</summary>
    public TimeSpan Lease => Timeout + TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Schedule is { } schedule && (schedule.Count == 0 || schedule.Any(pause => pause < TimeSpan.Zero || pause > RetrySchedule.Longest)))
            yield return new ValidationResult($"A schedule needs a try, and no pause may be negative or longer than {RetrySchedule.Longest}.", [nameof(Schedule)]);
        if (PublicUrl is { } url && (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https")))
            yield return new ValidationResult("The public URL must begin with http:// or https://.", [nameof(PublicUrl)]);
    }
}

[OptionsValidator]
internal sealed partial class WebhookOptionsValidator : IValidateOptions<WebhookOptions>;
