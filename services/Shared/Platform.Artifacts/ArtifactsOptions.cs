using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Artifacts;

/// <summary>Where artifacts lie: <see cref="Folder"/> or <see cref="S3"/>, exactly one of them.</summary>
public sealed class ArtifactsOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Artifacts";

    /// <summary>A folder on this machine's disk; made with mode 0700 when it is not there.</summary>
    public string? Folder { get; set; }

    /// <summary>Most that a folder store keeps, in bytes: above it, expiry drops the oldest that nobody refers to.</summary>
    [Range(1L << 20, long.MaxValue)] public long MaxBytes { get; set; } = 20L << 30;

    /// <summary>A folder store takes nothing in that would leave less than this free, in bytes.</summary>
    [Range(0L, long.MaxValue)] public long MinimumFreeBytes { get; set; } = 256L << 20;

    /// <summary>An S3 bucket.</summary>
    [ValidateObjectMembers] public S3Options? S3 { get; set; }
}

/// <summary>An S3 server of any make.</summary>
public sealed class S3Options
{
    /// <summary>Such as <c>https://s3.eu-central-1.amazonaws.com</c>, or <c>http://127.0.0.1:9000</c>.</summary>
    [Required, Url] public string Endpoint { get; set; } = "";

    /// <summary>The endpoint as those see it who get signed links, when it is another one.</summary>
    [Url] public string? PublicEndpoint { get; set; }

    /// <summary>Region that requests are signed for; most servers but AWS take any.</summary>
    [Required] public string Region { get; set; } = "us-east-1";
    [Required] public string AccessKey { get; set; } = "";
    [Required] public string SecretKey { get; set; } = "";

    /// <summary>Bucket of artifacts, manifests and marks.</summary>
    [Required, RegularExpression("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")] public string Bucket { get; set; } = "";

    /// <summary>Bucket of published results; <see cref="Bucket"/> when absent.</summary>
    [RegularExpression("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")] public string? ResultsBucket { get; set; }

    /// <summary>Whether buckets that are missing are made at first use.</summary>
    public bool CreateBuckets { get; set; } = true;

    /// <summary>Longest time for one request without an answer, and for one read without a byte.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")] public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Files at least this long are sent in parts of this length, bytes; S3 takes no part below 5 MiB and no more than 10,000.</summary>
    [Range(5 << 20, 1 << 30)] public int PartBytes { get; set; } = 16 << 20;
}

[OptionsValidator] internal sealed partial class ArtifactsOptionsValidator : IValidateOptions<ArtifactsOptions>;

internal sealed class OneStore : IValidateOptions<ArtifactsOptions>
{
    public ValidateOptionsResult Validate(string? name, ArtifactsOptions options) => (options.Folder is null) == (options.S3 is null)
        ? ValidateOptionsResult.Fail("Set Artifacts:Folder or Artifacts:S3, and not both.")
        : ValidateOptionsResult.Success;
}
