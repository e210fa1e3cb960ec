using System.Security.Cryptography;
using System.Text;
using Platform.Contracts;

namespace Platform.Artifacts.Tests;

/// <summary>What every artifact store does, run against each of them.</summary>
public abstract class ArtifactStoreTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-artifacts-");
    private IArtifactStore? _store;

    /// <summary>A tenant of this test alone.</summary>
    protected string Tenant { get; } = "t" + Guid.NewGuid().ToString("N")[..12];

    protected IArtifactStore Store => _store!;

    protected string Temporary => _folder.FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Opens the store, or skips with a reason.</summary>
    protected abstract Task<IArtifactStore> OpenAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000_000)]
    [InlineData(12_000_123)]
    public async Task Gives_back_what_it_took_in(int length)
    {
        var (path, content) = await FileAsync(length);

        var artifact = await Store.PutAsync(Tenant, path, "video/mp4", new MediaFacts { Duration = 1.5 }, Cancellation);
        var copy = Path.Combine(Temporary, "copy");
        await Store.FetchAsync(Tenant, artifact, copy, Cancellation);

        Assert.Equal(new Artifact { Sha256 = Sha256(content), Bytes = length, ContentType = "video/mp4", Media = new MediaFacts { Duration = 1.5 } }, artifact);
        Assert.Equal(content, await File.ReadAllBytesAsync(copy, Cancellation));
        Assert.True(await Store.ExistsAsync(Tenant, artifact.Sha256, Cancellation));
        Assert.Equal([$"{Tenant}/artifacts/{artifact.Sha256}"], await KeysAsync());
    }

    [Fact]
    public async Task Keeps_equal_files_once()
    {
        var (path, _) = await FileAsync(1000);

        var artifacts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Store.PutAsync(Tenant, path, "image/png", null, Cancellation)));

        Assert.Single(artifacts.Distinct());
        Assert.Single(await KeysAsync());
    }

    [Fact]
    public async Task Takes_a_stream_in_up_to_its_limit()
    {
        var content = RandomNumberGenerator.GetBytes(100_000);

        var artifact = await Store.PutAsync(Tenant, new MemoryStream(content), 100_000, "audio/mpeg", Cancellation);
        var e = await Assert.ThrowsAsync<ArtifactStoreException>(() => Store.PutAsync(Tenant, new MemoryStream(content), 99_999, "audio/mpeg", Cancellation));

        Assert.Equal((Sha256(content), 100_000), (artifact.Sha256, artifact.Bytes));
        Assert.Equal(("storage.too_large", false), (e.Code, e.Transient));
        Assert.Single(await KeysAsync());
    }

    [Theory]
    [InlineData(0, null, 0, 1000)]
    [InlineData(0, 10L, 0, 10)]
    [InlineData(990, 10L, 990, 10)]
    [InlineData(990, 50L, 990, 10)]
    [InlineData(500, null, 500, 500)]
    [InlineData(1000, null, 1000, 0)]
    [InlineData(5, 0L, 5, 0)]
    public async Task Opens_a_part(long offset, long? length, int from, int count)
    {
        var (path, content) = await FileAsync(1000);
        var artifact = await Store.PutAsync(Tenant, path, "video/mp4", null, Cancellation);

        await using var stream = await Store.OpenAsync(Tenant, artifact.Sha256, offset, length, Cancellation);
        var part = new MemoryStream();
        await stream.CopyToAsync(part, Cancellation);

        Assert.Equal(content.AsSpan(from, count).ToArray(), part.ToArray());
    }

    [Fact]
    public async Task Says_what_is_missing()
    {
        var nothing = new Artifact { Sha256 = new string('a', 64), Bytes = 1, ContentType = "video/mp4" };
        var path = Path.Combine(Temporary, "copy");

        var fetch = await Assert.ThrowsAsync<ArtifactStoreException>(() => Store.FetchAsync(Tenant, nothing, path, Cancellation));
        var open = await Assert.ThrowsAsync<ArtifactStoreException>(() => Store.OpenAsync(Tenant, nothing.Sha256, 0, null, Cancellation));
        var publish = await Assert.ThrowsAsync<ArtifactStoreException>(() => Store.PublishAsync(Tenant, Guid.NewGuid(), "a.mp4", nothing, Cancellation));

        Assert.All([fetch, open, publish], e => Assert.Equal(("storage.missing", false), (e.Code, e.Transient)));
        Assert.False(File.Exists(path));
        Assert.False(await Store.ExistsAsync(Tenant, nothing.Sha256, Cancellation));
        Assert.False(await Store.TouchAsync(Tenant, nothing.Sha256, Cancellation));
        Assert.Null(await Store.FindManifestAsync(Tenant, new string('b', 64), Cancellation));
        await Store.DeleteAsync($"{Tenant}/artifacts/{nothing.Sha256}", Cancellation);
    }

    [Fact]
    public async Task Notices_that_a_file_is_not_what_was_asked_for()
    {
        var (path, _) = await FileAsync(1000);
        var artifact = await Store.PutAsync(Tenant, path, "video/mp4", null, Cancellation);
        var copy = Path.Combine(Temporary, "copy");

        var e = await Assert.ThrowsAsync<ArtifactStoreException>(() => Store.FetchAsync(Tenant, artifact with { Bytes = 999 }, copy, Cancellation));

        Assert.Equal("storage.corrupt", e.Code);
        Assert.False(File.Exists(copy));
    }

    [Fact]
    public async Task Keeps_tenants_apart()
    {
        var (path, _) = await FileAsync(10);
        var artifact = await Store.PutAsync(Tenant, path, "video/mp4", null, Cancellation);

        Assert.False(await Store.ExistsAsync(Tenant + "x", artifact.Sha256, Cancellation));
    }

    [Fact]
    public async Task Keeps_the_first_manifest_of_a_fingerprint()
    {
        var fingerprint = Sha256(Encoding.ASCII.GetBytes(Tenant));
        var video = await Store.PutAsync(Tenant, (await FileAsync(10)).Path, "video/mp4", null, Cancellation);

        var kept = await Task.WhenAll(Enumerable.Range(1, 6).Select(version => Store.KeepManifestAsync(Tenant, Manifest(fingerprint, version, video), Cancellation)));
        var late = await Store.KeepManifestAsync(Tenant, Manifest(fingerprint, 7, video), Cancellation);

        var found = await Store.FindManifestAsync(Tenant, fingerprint, Cancellation);
        Assert.Equal(found!.EngineVersion, late.EngineVersion);
        Assert.All(kept, manifest => Assert.Equal(found.EngineVersion, manifest.EngineVersion));
        Assert.Equal([$"{Tenant}/artifacts/{video.Sha256}", $"{Tenant}/stages/{fingerprint}.json"], await KeysAsync());
        Assert.Equal(video, found.Outputs["video"].Artifacts[0]);
    }

    [Fact]
    public async Task Replaces_a_manifest_that_lost_a_file()
    {
        var fingerprint = Sha256(Encoding.ASCII.GetBytes(Tenant));
        var lost = await Store.PutAsync(Tenant, (await FileAsync(10)).Path, "video/mp4", null, Cancellation);
        var video = await Store.PutAsync(Tenant, (await FileAsync(11)).Path, "video/mp4", null, Cancellation);
        await Store.KeepManifestAsync(Tenant, Manifest(fingerprint, 1, lost), Cancellation);
        await Store.DeleteAsync(ArtifactKeys.Artifact(Tenant, lost.Sha256), Cancellation);

        var kept = await Store.KeepManifestAsync(Tenant, Manifest(fingerprint, 2, video), Cancellation);

        Assert.Equal(video, kept.Outputs["video"].Artifacts[0]);
    }

    [Fact]
    public async Task Leaves_marks()
    {
        var mark = CancelMarks.OfAttempt(Guid.NewGuid(), "film~1", 2);

        Assert.False(await Store.IsMarkedAsync(Tenant, mark, Cancellation));
        await Store.MarkAsync(Tenant, mark, Cancellation);
        await Store.MarkAsync(Tenant, mark, Cancellation);
        Assert.True(await Store.IsMarkedAsync(Tenant, mark, Cancellation));

        await Store.DeleteAsync(Assert.Single(await KeysAsync()), Cancellation);
        Assert.False(await Store.IsMarkedAsync(Tenant, mark, Cancellation));
    }

    [Fact]
    public async Task Publishes_results_and_removes_them()
    {
        var (path, content) = await FileAsync(6_000_000);
        var artifact = await Store.PutAsync(Tenant, path, "video/mp4", null, Cancellation);
        var (job, other) = (Guid.NewGuid(), Guid.NewGuid());

        await Store.PublishAsync(Tenant, job, "final.mp4", artifact, Cancellation);
        await Store.PublishAsync(Tenant, job, "final.mp4", artifact, Cancellation);
        await Store.PublishAsync(Tenant, other, "final.mp4", artifact, Cancellation);
        await Store.PublishAsync(Tenant, job, "web/360p.mp4", artifact, Cancellation);
        await using (var stream = await Store.OpenResultAsync(Tenant, job, "final.mp4", 100, 50, Cancellation))
        {
            var part = new MemoryStream();
            await stream.CopyToAsync(part, Cancellation);
            Assert.Equal(content.AsSpan(100, 50).ToArray(), part.ToArray());
        }

        await Store.RemoveResultsAsync(Tenant, job, Cancellation);

        Assert.Equal([$"{Tenant}/artifacts/{artifact.Sha256}", $"{Tenant}/results/{other}/final.mp4"], await KeysAsync());
    }

    [Fact]
    public async Task Leaves_nothing_when_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var content = new MemoryStream(new byte[64 << 20]);
        var endless = new CancelHalfway(content, cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PutAsync(Tenant, endless, long.MaxValue, "video/mp4", cancel.Token));

        Assert.Empty(await KeysAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("/etc")]
    [InlineData("a.b")]
    [InlineData("ä")]
    [InlineData("a\n")]
    public async Task Refuses_a_tenant_that_is_not_a_name(string tenant)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.ExistsAsync(tenant, new string('a', 64), Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.OpenResultAsync(tenant, Guid.NewGuid(), "a.mp4", 0, null, Cancellation));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../b.mp4")]
    [InlineData("a/.hidden")]
    [InlineData(".a/b.mp4")]
    [InlineData("a/b/c.mp4")]
    [InlineData("a//b.mp4")]
    [InlineData("a/")]
    [InlineData("a b.mp4")]
    [InlineData("%2e%2e")]
    [InlineData("a.mp4\n")]
    [InlineData("")]
    public async Task Refuses_a_result_name_that_is_not_a_file_name(string name)
    {
        var artifact = new Artifact { Sha256 = new string('a', 64), Bytes = 1, ContentType = "video/mp4" };

        await Assert.ThrowsAsync<ArgumentException>(() => Store.PublishAsync(Tenant, Guid.NewGuid(), name, artifact, Cancellation));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("t/../../x")]
    [InlineData("/etc/passwd")]
    [InlineData("t//x")]
    public async Task Deletes_nothing_outside(string key) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteAsync(key, Cancellation));

    protected async Task<List<string>> KeysAsync()
    {
        var keys = new List<string>();
        await foreach (var found in Store.ListAsync(Tenant + "/", Cancellation)) keys.Add(found.Key);
        return [.. keys.Order(StringComparer.Ordinal)];
    }

    protected async Task<(string Path, byte[] Content)> FileAsync(int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);
        var path = Path.Combine(Temporary, Path.GetRandomFileName());
        await File.WriteAllBytesAsync(path, content, Cancellation);
        return (path, content);
    }

    protected static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static StageManifest Manifest(string fingerprint, int version, Artifact video) => new()
    {
        Fingerprint = fingerprint,
        StageType = "capture",
        EngineVersion = version,
        CompletedAt = TimeProvider.System.GetUtcNow(),
        Outputs = new Dictionary<string, StageOutput> { ["video"] = new() { Artifacts = [video] } },
    };

    private sealed class CancelHalfway(Stream inner, CancellationTokenSource cancel) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (inner.Position > inner.Length / 2) cancel.Cancel();
            return inner.ReadAsync(buffer, cancellationToken);
        }
    }
}
