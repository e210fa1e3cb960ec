using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Gateway.Access;

/// <summary>Who may use the API.</summary>
public sealed class AccessOptions : IValidatableObject
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Access";

    /// <summary>The keys that open the API. None: nobody gets in.</summary>
    public IList<KeyOptions> Keys { get; init; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Keys.SelectMany((key, index) => key.Validate($"{Section}:{nameof(Keys)}:{index}"));
}

/// <summary>A key, as it is kept.</summary>
public sealed class KeyOptions
{
    /// <summary>SHA-256 of the key, 64 hex digits. Either this or <see cref="File"/>.</summary>
    public string? Sha256 { get; set; }

    /// <summary>A file that holds the key itself, readable by this service alone.</summary>
    public string? File { get; set; }

    /// <summary>Whose key it is: <c>[a-z0-9][a-z0-9-]{0,63}</c>.</summary>
    public string Tenant { get; set; } = "default";

    /// <summary>What it allows: of <see cref="Access.Scopes.All"/>. None: everything (<see cref="Access.Scopes.Admin"/>).</summary>
    public IList<string> Scopes { get; init; } = [];

    /// <summary>From when on it does not work any more.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    internal IEnumerable<ValidationResult> Validate(string at)
    {
        if (Sha256 is null == File is null) yield return new ValidationResult($"{at} needs either Sha256 or File.");
        if (Sha256 is { } hash && (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit))) yield return new ValidationResult($"{at}:Sha256 must be 64 hex digits.");
        if (Tenant.Length is 0 or > 64 || Tenant[0] == '-' || !Tenant.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            yield return new ValidationResult($"{at}:Tenant must be lower-case letters, digits and hyphens.");
        foreach (var scope in Scopes.Except(Access.Scopes.All))
            yield return new ValidationResult($"{at}:Scopes knows no \"{scope}\", only {string.Join(", ", Access.Scopes.All)}.");
    }
}

[OptionsValidator]
internal sealed partial class AccessOptionsValidator : IValidateOptions<AccessOptions>;

/// <summary>What a key may allow.</summary>
public static class Scopes
{
    /// <summary>Look at jobs, events and results.</summary>
    public const string ReadJobs = "jobs:read";

    /// <summary>Submit, cancel, retry and purge jobs.</summary>
    public const string WriteJobs = "jobs:write";

    /// <summary>Upload files and sites.</summary>
    public const string Upload = "uploads:write";

    /// <summary>Everything.</summary>
    public const string Admin = "admin";

    /// <summary>Every scope.</summary>
    public static IReadOnlyList<string> All { get; } = [ReadJobs, WriteJobs, Upload, Admin];
}
