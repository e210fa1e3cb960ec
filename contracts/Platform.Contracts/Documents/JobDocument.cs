using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>One request: a graph of stages and what to do with the result. The shape that <c>POST /v1/jobs</c> takes.</summary>
public sealed record JobDocument
{
    [Description("A name for people.")]
    [MaxLength(200)]
    public string? Name { get; init; }

    [Description("Name to stage. A stage's parameters refer to other stages by \"@name\", and that is what orders them.")]
    [MinLength(1), MaxLength(64), KeyPattern("^[a-z][a-z0-9-]{0,31}$")]
    public required IReadOnlyDictionary<string, JsonElement> Stages { get; init; }

    [Description("The stage whose main output is the result. May be left out when exactly one stage is used by no other.")]
    [MaxLength(64)]
    public string? Output { get; init; }

    [Description("Several results instead of one.")]
    [MinLength(1), MaxLength(64), ItemMaxLength(64)]
    public IReadOnlyList<string>? Outputs { get; init; }

    [Description("How the result is encoded.")]
    public EncodeSettings Encode { get; init; } = new();

    [Description("Who is told about the job.")]
    public WebhookRequest? Webhook { get; init; }

    [Description("Words of the caller's own, kept with the job and given back.")]
    [MaxLength(50), KeyPattern("^.{1,100}$"), ItemMaxLength(1000)]
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    [Description("Seconds from acceptance after which the job fails with deadline_exceeded.")]
    [Range(1, 86_400)]
    public int Deadline { get; init; } = 21_600;

    [Description("Jobs of the same tenant with a higher number go first.")]
    [Range(-10, 10)]
    public int Priority { get; init; }

    [Description("Seconds for which the result is kept after the job's end.")]
    [Range(3600, 31_536_000)]
    public int Retention { get; init; } = 2_592_000;
}

/// <summary>How result files are encoded.</summary>
public sealed record EncodeSettings
{
    [Description("x264's preset: slower is smaller.")]
    [AllowedValues("ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow")]
    public string Preset { get; init; } = "medium";

    [Description("x264's constant rate factor: lower is better and larger.")]
    [Range(0, 51)]
    public int Crf { get; init; } = 18;

    [Description("Bits per second of the sound (AAC).")]
    [Range(32_000, 512_000)]
    public int AudioBitrate { get; init; } = 192_000;

    [Description("File format of the result.")]
    [AllowedValues("mp4")]
    public string Container { get; init; } = "mp4";
}

/// <summary>A webhook as a job document asks for it.</summary>
public sealed record WebhookRequest
{
    [Description("Endpoint that gets the job's events, signed by the Standard Webhooks specification.")]
    [DocumentFormat(DocumentFormats.Url), MaxLength(8192)]
    public required string Url { get; init; }

    [Description("Signing secret: whsec_ and 24 to 64 bytes in base64. Left out: the tenant's own, see GET /v1/webhooks/secret.")]
    [DocumentFormat(DocumentFormats.WebhookSecret), MaxLength(100)]
    public string? Secret { get; init; }
}

/// <summary>How documents, stored rows and manifests are written as JSON: camel case, absent rather than null.</summary>
public static class ContractJson
{
    /// <summary>Strict when reading: unknown members, duplicates and missing required members are errors.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 64,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Lenient when reading: for rows and manifests that a newer version may have written.</summary>
    public static JsonSerializerOptions Stored { get; } = new(Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };
}
