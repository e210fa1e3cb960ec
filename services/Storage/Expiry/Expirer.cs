using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Platform.Artifacts;

namespace Platform.Storage.Expiry;

internal sealed class Expirer(IArtifactStore store, IArtifactMaintenance maintenance, FileReferences references, IOptions<ExpiryOptions> options, TimeProvider time) : IExpiry
{
    /// <summary>Under pressure, what was made this recently stays all the same: its job is running.</summary>
    private static readonly TimeSpan InUse = TimeSpan.FromMinutes(10);

    /// <summary>Intermediate files of an ended job are needed for a day at most: a retry finds them. Files of a running job are kept for longer.</summary>
    private static readonly TimeSpan Ended = TimeSpan.FromHours(24);

    private readonly SiteFiles _sites = new();

    // A manifest never changes but to name other files after it lost one, when it is read again: so each is read once.
    private readonly ConcurrentDictionary<string, ImmutableArray<string>> _named = new();

    public async Task<Expired> SweepAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await references.RemoveEndedAsync(now, cancellation);
        var partials = await maintenance.RemovePartialsAsync(now - options.Value.AbandonedAfter, cancellation);
        var found = await ListAsync(cancellation);
        var sweep = new Sweep(found.Sum(item => item.Object.Bytes));

        var artifacts = found.Where(item => item.Kind == "artifacts").ToList();
        var until = await UntilAsync(artifacts, cancellation);
        await _sites.SpreadAsync(store, until, artifacts.Select(item => (item.Tenant, item.Name, item.Object)), cancellation);
        foreach (var item in artifacts.Where(item => !until.ContainsKey(item.Object.Key)))
            await RemoveAsync(item, sweep, now - options.Value.Grace, cancellation);
        foreach (var item in artifacts.Where(item => !sweep.Removed.Contains(item.Object.Key)).OrderBy(item => until.GetValueOrDefault(item.Object.Key)).ThenBy(item => item.Object.TouchedAt))
        {
            if (sweep.BytesLeft <= maintenance.MaxBytes.GetValueOrDefault(long.MaxValue) || until.GetValueOrDefault(item.Object.Key) > now + Ended) break;
            await RemoveAsync(item, sweep, now - InUse, cancellation);
        }

        var left = artifacts.Select(item => item.Object.Key).Where(key => !sweep.Removed.Contains(key)).ToHashSet(StringComparer.Ordinal);
        var manifests = 0;
        foreach (var item in found.Where(item => item.Kind == "stages"))
            if (!(await NamedAsync(item, cancellation)).All(left.Contains) && await RemoveAsync(item, sweep, now - options.Value.Grace, cancellation)) manifests++;
        var marks = 0;
        foreach (var item in found.Where(item => item.Kind == "marks"))
            if (await RemoveAsync(item, sweep, now - options.Value.Marks, cancellation)) marks++;
        foreach (var old in _named.Keys.Except(found.Select(Version)).ToList()) _named.TryRemove(old, out _);
        return new Expired(sweep.Removed.Count - manifests - marks, manifests, marks, partials, sweep.Bytes, sweep.BytesLeft);
    }

    private async Task<List<Item>> ListAsync(CancellationToken cancellation)
    {
        var found = new List<Item>();
        await foreach (var item in store.ListAsync("", cancellation))
            if (ArtifactKeys.Parse(item.Key) is var (tenant, kind, name)) found.Add(new Item(tenant, kind, name, item));
        return found;
    }

    private async Task<Dictionary<string, DateTimeOffset>> UntilAsync(List<Item> artifacts, CancellationToken cancellation)
    {
        var until = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var tenant in artifacts.GroupBy(item => item.Tenant))
            foreach (var (file, time) in await references.UntilAsync(tenant.Key, [.. tenant.Select(item => item.Name)], cancellation))
                until[ArtifactKeys.Artifact(tenant.Key, file)] = time;
        return until;
    }

    /// <summary>Keys of the artifacts that a manifest names; none when it is gone or unreadable, so that nothing keeps it.</summary>
    private async Task<ImmutableArray<string>> NamedAsync(Item item, CancellationToken cancellation)
    {
        var version = Version(item);
        if (_named.TryGetValue(version, out var named)) return named;
        var manifest = await store.FindManifestAsync(item.Tenant, Path.GetFileNameWithoutExtension(item.Name), cancellation);
        return _named[version] = [.. manifest?.Outputs.Values.SelectMany(output => output.Artifacts).Select(artifact => ArtifactKeys.Artifact(item.Tenant, artifact.Sha256)) ?? []];
    }

    private static string Version(Item item) => $"{item.Object.Key}@{item.Object.TouchedAt.UtcTicks}";

    /// <summary>Removes an object if it still was not touched since: a job may have found it while this sweep went on.</summary>
    private async Task<bool> RemoveAsync(Item item, Sweep sweep, DateTimeOffset before, CancellationToken cancellation)
    {
        if (item.Object.TouchedAt >= before || !await IsOlderAsync(item.Object.Key, before, cancellation)) return false;
        await store.DeleteAsync(item.Object.Key, cancellation);
        sweep.Remove(item.Object);
        return true;
    }

    private async Task<bool> IsOlderAsync(string key, DateTimeOffset before, CancellationToken cancellation)
    {
        await foreach (var item in store.ListAsync(key, cancellation))
            if (item.Key == key) return item.TouchedAt < before;
        return false;
    }

    private sealed record Item(string Tenant, string Kind, string Name, StoredObject Object);

    private sealed class Sweep(long bytes)
    {
        public HashSet<string> Removed { get; } = new(StringComparer.Ordinal);

        public long Bytes { get; private set; }

        public long BytesLeft => bytes - Bytes;

        public void Remove(StoredObject removed)
        {
            Removed.Add(removed.Key);
            Bytes += removed.Bytes;
        }
    }
}
