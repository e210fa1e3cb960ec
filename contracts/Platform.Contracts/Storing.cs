namespace Platform.Contracts;

/// <summary>Asks Storage to bring a remote file into the artifact store. Answered with output <c>media</c>.</summary>
public sealed record FetchMedia
{
    public required StageRun Run { get; init; }

    /// <summary>http(s) URL as the user gave it. May hold secrets in its query: never logged.</summary>
    public required string Url { get; init; }

    /// <summary>Largest acceptable file in bytes.</summary>
    public required long MaxBytes { get; init; }
}

/// <summary>
/// Asks Storage to publish a job's results: copy them to the results place, read them back and compare size and SHA-256.
/// Answered with one output per published name.
/// </summary>
public sealed record PublishResult
{
    public required StageRun Run { get; init; }

    /// <summary>Files to publish.</summary>
    public required IReadOnlyList<ResultFile> Files { get; init; }
}

/// <summary>A file of a job's result.</summary>
/// <param name="Name">File name, such as <c>final.mp4</c>, or in one folder, such as <c>web/master.m3u8</c>: <c>[A-Za-z0-9._-]</c>, at most 200 characters.</param>
/// <param name="Artifact">Its content.</param>
public sealed record ResultFile(string Name, Artifact Artifact);

/// <summary>
/// Tells Storage that a job, or an upload, needs files until a time. The latest time for the same job and file counts, so messages may come twice and in
/// any order. Whoever needs a site's index needs its files.
/// </summary>
public sealed record ArtifactsKept
{
    /// <summary>The job's id, or the upload's.</summary>
    public required Guid JobId { get; init; }
    public required string Tenant { get; init; }

    /// <summary>SHA-256 of each file.</summary>
    public required IReadOnlyList<string> Artifacts { get; init; }
    public required DateTimeOffset Until { get; init; }
}

/// <summary>The index of an uploaded static site: itself an artifact of type <see cref="ContentType"/>.</summary>
public sealed record SiteIndex
{
    /// <summary>Media type of a site index.</summary>
    public const string ContentType = "application/vnd.platform.site+json";

    /// <summary>Path within the site (<c>index.html</c>, <c>css/site.css</c>; no leading slash) to file.</summary>
    public required IReadOnlyDictionary<string, Artifact> Files { get; init; }
}
