using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Capture.Pages;

/// <summary>Section <c>Capture</c>.</summary>
internal sealed class CaptureOptions
{
    public const string Section = "Capture";

    /// <summary>Real time that one stage's browser may live, visit and take together. Default 45 min: 300 s at 60 fps and 4K on a slow machine.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "06:00:00")]
    public TimeSpan BrowserBudget { get; init; } = TimeSpan.FromMinutes(45);
}

[OptionsValidator]
internal sealed partial class CaptureOptionsValidator : IValidateOptions<CaptureOptions>;
