using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Platform.Transcode.Provenance;

namespace Platform.Transcode;

/// <summary>Section <c>Transcode</c>.</summary>
internal sealed class TranscodeOptions
{
    public const string Section = "Transcode";

    /// <summary>A PEM file: the certificate that content credentials are signed with, then those that it comes from, the root left out. Null: nothing is signed.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>A PEM file: the certificate's key, on the curve P-256.</summary>
    public string? KeyPath { get; init; }
}

/// <summary>Looks into the files, so that a wrong one is known at the start.</summary>
internal sealed class TranscodeOptionsValidator : IValidateOptions<TranscodeOptions>
{
    public ValidateOptionsResult Validate(string? name, TranscodeOptions options)
    {
        try
        {
            using var credentials = Credentials.Load(options);
            return ValidateOptionsResult.Success;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            return ValidateOptionsResult.Fail($"{TranscodeOptions.Section}: the certificate or its key cannot be used: {e.Message}");
        }
    }
}
