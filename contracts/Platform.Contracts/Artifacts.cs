using System.Text.Json;

namespace Platform.Contracts;

/// <summary>An immutable file of one tenant in the artifact store, named by its content.</summary>
public sealed record Artifact
{
    /// <summary>SHA-256 of the bytes, 64 lower-case hex digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Length in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Media type by what the file is, not by what it was called, such as <c>video/mp4</c>.</summary>
    public required string ContentType { get; init; }

    /// <summary>What a probe found, or null for a file that is no media.</summary>
    public MediaFacts? Media { get; init; }

    /// <summary>
    /// What other files of the same stage call it, such as <c>1080p.mp4</c>: <c>[a-z0-9.-]</c>. Such files are published together, in a folder of the stage's name. Null for a file that stands alone.
    /// </summary>
    public string? Name { get; init; }
}

/// <summary>What a probe found out about a media file. A property is null where the file has no such thing.</summary>
public sealed record MediaFacts
{
    /// <summary>Length in seconds.</summary>
    public double? Duration { get; init; }

    /// <summary>Width in pixels, after rotation.</summary>
    public int? Width { get; init; }

    /// <summary>Height in pixels, after rotation.</summary>
    public int? Height { get; init; }

    /// <summary>Frames per second.</summary>
    public double? FrameRate { get; init; }

    /// <summary>Codec of the picture, such as <c>h264</c>.</summary>
    public string? VideoCodec { get; init; }

    /// <summary>Codec of the sound, such as <c>aac</c>.</summary>
    public string? AudioCodec { get; init; }
}

/// <summary>What a stage made under one name.</summary>
public sealed record StageOutput
{
    /// <summary>The files, at least one unless <see cref="IsList"/>.</summary>
    public required IReadOnlyList<Artifact> Artifacts { get; init; }

    /// <summary>Whether the name stands for a list (<c>@stage.name[0]</c>) rather than for one file.</summary>
    public bool IsList { get; init; }
}

/// <summary>Something worth telling about a stage that succeeded all the same.</summary>
public sealed record StageWarning(string Code, string Detail);

/// <summary>
/// What a finished stage leaves in the artifact store under its fingerprint. Written last and only if absent: where it exists, and the
/// artifacts it names exist, the stage need not run again.
/// </summary>
public sealed record StageManifest
{
    /// <summary>Version of this record's shape.</summary>
    public int Version { get; init; } = 1;
    public required string Fingerprint { get; init; }
    public required string StageType { get; init; }
    public required int EngineVersion { get; init; }
    public required DateTimeOffset CompletedAt { get; init; }
    public required IReadOnlyDictionary<string, StageOutput> Outputs { get; init; }

    /// <summary>Measured facts by name, such as <c>loudness</c>; their shape belongs to the stage type.</summary>
    public IReadOnlyDictionary<string, JsonElement> Facts { get; init; } = new Dictionary<string, JsonElement>();
    public IReadOnlyList<StageWarning> Warnings { get; init; } = [];
}
