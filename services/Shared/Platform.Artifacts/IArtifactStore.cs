using Platform.Contracts;

namespace Platform.Artifacts;

/// <summary>
/// Where artifacts, manifests, markers and results lie: a folder or an S3 bucket. Everything belongs to a tenant. A file under its final name is
/// whole: it is written under a temporary one first, and its size and hash are checked after.
/// </summary>
/// <exception cref="ArtifactStoreException">By every member, when the store cannot do it.</exception>
public interface IArtifactStore
{
    /// <summary>Takes a file in, by its content: a second put of the same bytes changes nothing but the file's age.</summary>
    /// <param name="tenant">The owner.</param>
    /// <param name="path">A local file.</param>
    /// <param name="contentType">Media type by what it is.</param>
    /// <param name="media">What a probe found, or null.</param>
    /// <param name="cancellation">Ends the copy; nothing partial stays.</param>
    Task<Artifact> PutAsync(string tenant, string path, string contentType, MediaFacts? media, CancellationToken cancellation);

    /// <summary>Takes a stream in; at most <paramref name="maxBytes"/>, else <c>storage.too_large</c>.</summary>
    Task<Artifact> PutAsync(string tenant, Stream content, long maxBytes, string contentType, CancellationToken cancellation);

    /// <summary>Copies an artifact to a local path and checks its hash. <c>storage.missing</c> when it is not there.</summary>
    Task FetchAsync(string tenant, Artifact artifact, string path, CancellationToken cancellation);

    /// <summary>Opens an artifact, or a part of it, for reading. <c>storage.missing</c> when it is not there.</summary>
    /// <param name="tenant">The owner.</param>
    /// <param name="sha256">Which.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Number of bytes, or null for all that follow.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<Stream> OpenAsync(string tenant, string sha256, long offset, long? length, CancellationToken cancellation);

    /// <summary>Whether an artifact is there.</summary>
    Task<bool> ExistsAsync(string tenant, string sha256, CancellationToken cancellation);

    /// <summary>Renews an artifact's age, so that expiry leaves it alone for its grace. False when it is not there.</summary>
    Task<bool> TouchAsync(string tenant, string sha256, CancellationToken cancellation);

    /// <summary>The manifest under a fingerprint, or null.</summary>
    Task<StageManifest?> FindManifestAsync(string tenant, string fingerprint, CancellationToken cancellation);

    /// <summary>
    /// Writes a manifest if there is none, or none whose files are all there; the one that is there then, whoever wrote it. A manifest that lost a file
    /// counts for nothing, so whoever did the work again replaces it.
    /// </summary>
    Task<StageManifest> KeepManifestAsync(string tenant, StageManifest manifest, CancellationToken cancellation);

    /// <summary>Leaves a small mark, such as that a job was cancelled. <paramref name="name"/>: <c>[a-z0-9~.-]{1,150}</c>.</summary>
    Task MarkAsync(string tenant, string name, CancellationToken cancellation);

    /// <summary>Whether a mark was left.</summary>
    Task<bool> IsMarkedAsync(string tenant, string name, CancellationToken cancellation);

    /// <summary>Copies an artifact to a job's results under a file name, reads it back and compares size and SHA-256.</summary>
    Task PublishAsync(string tenant, Guid jobId, string name, Artifact artifact, CancellationToken cancellation);

    /// <summary>Opens a published file, or a part of it.</summary>
    Task<Stream> OpenResultAsync(string tenant, Guid jobId, string name, long offset, long? length, CancellationToken cancellation);

    /// <summary>A link to a published file that works without a key for a while, or null where the store has none (a folder): then the gateway serves it.</summary>
    Task<Uri?> SignResultAsync(string tenant, Guid jobId, string name, TimeSpan lifetime, string fileName, CancellationToken cancellation);

    /// <summary>Removes a job's published files.</summary>
    Task RemoveResultsAsync(string tenant, Guid jobId, CancellationToken cancellation);

    /// <summary>Everything in the store below a prefix, for expiry and its proof.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellation);

    /// <summary>Removes one object by its key; nothing there is fine.</summary>
    Task DeleteAsync(string key, CancellationToken cancellation);

    /// <summary>Free bytes where the store lies, or null where nobody can say.</summary>
    long? FreeBytes { get; }
}

/// <summary>An object in the store.</summary>
/// <param name="Key">Its whole key, such as <c>default/artifacts/9f86…</c>.</param>
/// <param name="Bytes">Length.</param>
/// <param name="TouchedAt">When it was written or renewed.</param>
public sealed record StoredObject(string Key, long Bytes, DateTimeOffset TouchedAt);

/// <summary>The store could not do what was asked.</summary>
/// <param name="code">Stable: <c>storage.missing</c>, <c>storage.unavailable</c>, <c>storage.full</c>, <c>storage.too_large</c>, <c>storage.corrupt</c>.</param>
/// <param name="transient">Whether trying again can help.</param>
/// <param name="detail">For logs and people, without keys and hosts.</param>
/// <param name="inner">The cause.</param>
public sealed class ArtifactStoreException(string code, bool transient, string detail, Exception? inner = null) : Exception(detail, inner)
{
    public string Code { get; } = code;
    public bool Transient { get; } = transient;
}
