using System.Collections.Concurrent;
using System.Security.Cryptography;
using Platform.Artifacts;
using Platform.Contracts;

namespace Platform.Gateway.Tests.Support;

/// <summary>An artifact store in memory, which can be told to be away.</summary>
internal sealed class MemoryStore : IArtifactStore, IArtifactMaintenance
{
    private readonly ConcurrentDictionary<string, byte[]> _objects = new();
    private readonly ConcurrentDictionary<string, StageManifest> _manifests = new();

    /// <summary>Whether every call fails as if the store were away.</summary>
    public bool IsAway { get; set; }

    /// <summary>What a signed link begins with, or null for a store that has none.</summary>
    public Uri? Links { get; set; }

    /// <summary>Files and results, by key.</summary>
    public IReadOnlyDictionary<string, byte[]> Objects => _objects;

    public long? FreeBytes => null;
    public long? MaxBytes => null;

    public Task ProbeAsync(CancellationToken cancellation)
    {
        Check();
        return Task.CompletedTask;
    }

    public Task<int> RemovePartialsAsync(DateTimeOffset before, CancellationToken cancellation) => throw new NotSupportedException();

    public async Task<Artifact> PutAsync(string tenant, Stream content, long maxBytes, string contentType, CancellationToken cancellation)
    {
        Check();
        using var bytes = new MemoryStream();
        try { await content.CopyToAsync(bytes, cancellation); }
        catch (IOException e) { throw new ArtifactStoreException("storage.unavailable", true, "The copy failed.", e); }     // as a store would see it
        if (bytes.Length > maxBytes) throw new ArtifactStoreException("storage.too_large", false, "Too large.");
        return Put(tenant, bytes.ToArray(), contentType);
    }

    public Artifact Put(string tenant, byte[] bytes, string contentType)
    {
        var sha = Convert.ToHexStringLower(SHA256.HashData(bytes));
        _objects[$"{tenant}/artifacts/{sha}"] = bytes;
        return new Artifact { Sha256 = sha, Bytes = bytes.Length, ContentType = contentType };
    }

    public Task<Stream> OpenAsync(string tenant, string sha256, long offset, long? length, CancellationToken cancellation) => Open($"{tenant}/artifacts/{sha256}", offset, length);

    public Task<bool> ExistsAsync(string tenant, string sha256, CancellationToken cancellation)
    {
        Check();
        return Task.FromResult(_objects.ContainsKey($"{tenant}/artifacts/{sha256}"));
    }

    public Task<bool> TouchAsync(string tenant, string sha256, CancellationToken cancellation) => ExistsAsync(tenant, sha256, cancellation);

    public Task<StageManifest?> FindManifestAsync(string tenant, string fingerprint, CancellationToken cancellation) =>
        Task.FromResult(_manifests.GetValueOrDefault($"{tenant}/{fingerprint}"));

    public Task<StageManifest> KeepManifestAsync(string tenant, StageManifest manifest, CancellationToken cancellation) =>
        Task.FromResult(_manifests.GetOrAdd($"{tenant}/{manifest.Fingerprint}", manifest));

    public Task PublishAsync(string tenant, Guid jobId, string name, Artifact artifact, CancellationToken cancellation)
    {
        _objects[$"{tenant}/results/{jobId}/{name}"] = _objects[$"{tenant}/artifacts/{artifact.Sha256}"];
        return Task.CompletedTask;
    }

    public Task<Stream> OpenResultAsync(string tenant, Guid jobId, string name, long offset, long? length, CancellationToken cancellation) =>
        Open($"{tenant}/results/{jobId}/{name}", offset, length);

    public Task<Uri?> SignResultAsync(string tenant, Guid jobId, string name, TimeSpan lifetime, string fileName, CancellationToken cancellation) =>
        Task.FromResult(Links is null ? null : new Uri(Links, $"{tenant}/{jobId}/{name}?for={lifetime.TotalSeconds:0}"));

    public Task RemoveResultsAsync(string tenant, Guid jobId, CancellationToken cancellation)
    {
        foreach (var key in _objects.Keys.Where(key => key.StartsWith($"{tenant}/results/{jobId}/", StringComparison.Ordinal))) _objects.TryRemove(key, out _);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        Check();
        await Task.CompletedTask;
        foreach (var (key, bytes) in _objects.Where(o => o.Key.StartsWith(prefix, StringComparison.Ordinal)))
            yield return new StoredObject(key, bytes.Length, DateTimeOffset.UnixEpoch);
    }

    public Task<Artifact> PutAsync(string tenant, string path, string contentType, MediaFacts? media, CancellationToken cancellation) => throw new NotSupportedException();
    public Task FetchAsync(string tenant, Artifact artifact, string path, CancellationToken cancellation) => throw new NotSupportedException();
    public Task MarkAsync(string tenant, string name, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<bool> IsMarkedAsync(string tenant, string name, CancellationToken cancellation) => throw new NotSupportedException();
    public Task DeleteAsync(string key, CancellationToken cancellation) => throw new NotSupportedException();

    private Task<Stream> Open(string key, long offset, long? length)
    {
        Check();
        if (!_objects.TryGetValue(key, out var bytes)) throw new ArtifactStoreException("storage.missing", false, "It is not there.");
        var count = Math.Min(length ?? long.MaxValue, bytes.Length - offset);
        return Task.FromResult<Stream>(new MemoryStream(bytes, (int)offset, (int)count, writable: false));
    }

    private void Check()
    {
        if (IsAway) throw new ArtifactStoreException("storage.unavailable", true, "The store is away.");
    }
}
