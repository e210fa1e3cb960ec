using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults;

/// <summary>Where the keys lie that secrets are encrypted with.</summary>
public sealed class SecretsOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "DataProtection";

    /// <summary>
    /// Folder of the key ring and of the webhooks' master key, shared by every process that reads or writes secrets (Gateway, Notification and Capture), and by nobody
    /// else: it is made with mode 700. Whoever loses it loses the secrets that jobs brought along, and the tenants' own change.
    /// </summary>
    [Required] public string Folder { get; set; } = "";
}

[OptionsValidator]
internal sealed partial class SecretsOptionsValidator : IValidateOptions<SecretsOptions>;
