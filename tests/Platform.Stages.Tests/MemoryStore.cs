using System.Collections.Concurrent;
using System.Security.Cryptography;
using Platform.Artifacts;
using Platform.Contracts;

namespace Platform.Stages.Tests;

/// <summary>A store that lives in memory, as far as workers use one.</summary>
internal sealed class MemoryStore : IArtifactStore
{
    public ConcurrentDictionary<string, byte[]> Files { get; } = new();
    public ConcurrentDictionary<string, StageManifest> Manifests { get; } = new();
    public ConcurrentDictionary<string, bool> Marks { get; } = new();

    public long? FreeBytes => null;

    public async Task<Artifact> PutAsync(string tenant, string path, string contentType, MediaFacts? media, CancellationToken cancellation)
    {
        var bytes = await File.ReadAllBytesAsync(path, cancellation);
        var artifact = new Artifact { Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)), Bytes = bytes.Length, ContentType = contentType, Media = media };
        Files[$"{tenant}/{artifact.Sha256}"] = bytes;
        return artifact;
    }

    public Task FetchAsync(string tenant, Artifact artifact, string path, CancellationToken cancellation) =>
        Files.TryGetValue($"{tenant}/{artifact.Sha256}", out var bytes)
            ? File.WriteAllBytesAsync(path, bytes, cancellation)
            : throw new ArtifactStoreException("storage.missing", false, "It is not there.");

    public Task<bool> TouchAsync(string tenant, string sha256, CancellationToken cancellation) => Task.FromResult(Files.ContainsKey($"{tenant}/{sha256}"));

    public Task<StageManifest?> FindManifestAsync(string tenant, string fingerprint, CancellationToken cancellation) =>
        Task.FromResult(Manifests.GetValueOrDefault($"{tenant}/{fingerprint}"));

    public Task<StageManifest> KeepManifestAsync(string tenant, StageManifest manifest, CancellationToken cancellation) =>
        Task.FromResult(Manifests.GetOrAdd($"{tenant}/{manifest.Fingerprint}", manifest));

    public Task MarkAsync(string tenant, string name, CancellationToken cancellation)
    {
        Marks[$"{tenant}/{name}"] = true;
        return Task.CompletedTask;
    }

    public Task<bool> IsMarkedAsync(string tenant, string name, CancellationToken cancellation) => Task.FromResult(Marks.ContainsKey($"{tenant}/{name}"));

    public Task<Artifact> PutAsync(string tenant, Stream content, long maxBytes, string contentType, CancellationToken cancellation) => throw new InvalidOperationException("not a worker's business");
    public Task<Stream> OpenAsync(string tenant, string sha256, long offset, long? length, CancellationToken cancellation) => throw new InvalidOperationException("not a worker's business");
    public Task<bool> ExistsAsync(string tenant, string sha256, CancellationToken cancellation) => TouchAsync(tenant, sha256, cancellation);
    public Task PublishAsync(string tenant, Guid jobId, string name, Artifact artifact, CancellationToken cancellation) => throw new InvalidOperationException("not a worker's business");
    public Task<Stream> OpenResultAsync(string tenant, Guid jobId, string name, long offset, long? length, CancellationToken cancellation) => throw new InvalidOperationException("not a worker's business");
    public Task<Uri?> SignResultAsync(string tenant, Guid jobId, string name, TimeSpan lifetime, string fileName, CancellationToken cancellation) => throw new InvalidOperationException("not a worker's business");
    public Task RemoveResultsAsync(string tenant, Guid jobId, CancellationToken cancellation) => throw new InvalidOperationException("not a worker's business");
    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellation) => throw new InvalidOperationException("not a worker's business");
    public Task DeleteAsync(string key, CancellationToken cancellation) => throw new InvalidOperationException("not a worker's business");
}
