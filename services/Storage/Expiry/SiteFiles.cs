using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Platform.Artifacts;
using Platform.Contracts;

namespace Platform.Storage.Expiry;

/// <summary>
/// Files of uploaded sites. Jobs refer to a site's index alone, so whoever needs the index needs the files that it names. Messages do not say which
/// file is an index, so small files that somebody needs are looked at, each once.
/// </summary>
internal sealed class SiteFiles
{
    /// <summary>An index of a thousand files is a third of this, bytes.</summary>
    private const long MaxIndexBytes = 1 << 20;

    private static readonly byte[] Begin = [.. "{\"files\":{"u8];

    private readonly ConcurrentDictionary<string, ImmutableArray<string>> _files = new();

    /// <summary>Makes the files of each needed site needed as long as its index.</summary>
    /// <param name="store">Holds the indices.</param>
    /// <param name="until">Key to the time until which it is needed; added to.</param>
    /// <param name="artifacts">All that there are.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task SpreadAsync(
        IArtifactStore store, Dictionary<string, DateTimeOffset> until, IEnumerable<(string Tenant, string Sha256, StoredObject Object)> artifacts, CancellationToken cancellation)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (tenant, sha256, found) in artifacts)
        {
            if (found.Bytes > MaxIndexBytes || !until.TryGetValue(found.Key, out var time)) continue;
            seen.Add(found.Key);
            if (!_files.TryGetValue(found.Key, out var files)) _files[found.Key] = files = await ReadAsync(store, tenant, sha256, cancellation);
            foreach (var file in files)
                if (until.GetValueOrDefault(file) < time) until[file] = time;
        }
        foreach (var gone in _files.Keys.Except(seen).ToList()) _files.TryRemove(gone, out _);
    }

    private static async Task<ImmutableArray<string>> ReadAsync(IArtifactStore store, string tenant, string sha256, CancellationToken cancellation)
    {
        try
        {
            var head = new byte[Begin.Length];
            await using (var begin = await store.OpenAsync(tenant, sha256, 0, head.Length, cancellation))
                await begin.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation);
            if (!head.AsSpan().SequenceEqual(Begin)) return [];
            await using var json = await store.OpenAsync(tenant, sha256, 0, null, cancellation);
            var index = await JsonSerializer.DeserializeAsync<SiteIndex>(json, ContractJson.Stored, cancellation);
            return [.. index!.Files.Values.Select(file => ArtifactKeys.Artifact(tenant, file.Sha256))];
        }
        catch (Exception e) when (e is JsonException or ArgumentException or ArtifactStoreException { Code: "storage.missing" })
        {
            return [];      // begins like an index and is none, or is gone by now
        }
    }
}
