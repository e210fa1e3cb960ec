using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Processes;

/// <summary>Section <c>Processes</c>.</summary>
public sealed class ProcessOptions
{
    public const string Section = "Processes";

    /// <summary>The user that unprivileged children run as when this service is root. Default: <c>platform-browser</c> where there is one, else <c>nobody</c>.</summary>
    [MinLength(1)]
    public string? User { get; init; }

    /// <summary>False: no sandbox even where one could be made, for machines where it misbehaves.</summary>
    public bool Sandbox { get; init; } = true;
}

[OptionsValidator]
internal sealed partial class ProcessOptionsValidator : IValidateOptions<ProcessOptions>;
