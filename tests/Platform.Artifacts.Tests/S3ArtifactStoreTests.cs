using System.Net;
using Amazon.S3.Model;

namespace Platform.Artifacts.Tests;

/// <summary>The same suite against a real S3 server, whose address is in <c>PLATFORM_TEST_S3</c> (<c>endpoint|access key|secret key</c>).</summary>
[Trait("Category", "Integration")]
public sealed class S3ArtifactStoreTests : ArtifactStoreTests
{
    private const string Bucket = "artifact-tests", Results = "artifact-tests-results";
    private S3Session? _session;

    private S3ArtifactStore S3 => (S3ArtifactStore)Store;

    protected override Task<IArtifactStore> OpenAsync()
    {
        _session = new S3Session(Options());
        return Task.FromResult<IArtifactStore>(new S3ArtifactStore(_session, TimeProvider.System));
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var key in await KeysAsync()) await Store.DeleteAsync(key, default);
        S3.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Signs_links_that_end()
    {
        var (path, content) = await FileAsync(1000);
        var artifact = await Store.PutAsync(Tenant, path, "video/mp4", null, default);
        var job = Guid.NewGuid();
        await Store.PublishAsync(Tenant, job, "final.mp4", artifact, default);
        using var http = new HttpClient();

        var link = await Store.SignResultAsync(Tenant, job, "final.mp4", TimeSpan.FromMinutes(5), "My \"film\".mp4", default);
        using var answer = await http.GetAsync(link);
        var expired = await Store.SignResultAsync(Tenant, job, "final.mp4", TimeSpan.FromSeconds(-10), "film.mp4", default);
        using var tooLate = await http.GetAsync(expired);
        using var tampered = await http.GetAsync(link!.AbsoluteUri.Replace("final.mp4?", "other.mp4?", StringComparison.Ordinal));
        using var anonymous = await http.GetAsync(link.GetLeftPart(UriPartial.Path));

        Assert.Equal(content, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("video/mp4", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment; filename=\"My__film_.mp4\"", answer.Content.Headers.ContentDisposition?.ToString());
        Assert.All([tooLate, tampered, anonymous], refused => Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode));
    }

    [Fact]
    public async Task Renews_an_objects_age_with_its_type()
    {
        var (path, _) = await FileAsync(1000);
        var artifact = await Store.PutAsync(Tenant, path, "image/png", null, default);
        var key = ArtifactKeys.Artifact(Tenant, artifact.Sha256);
        var before = await HeadAsync(key);
        await Task.Delay(TimeSpan.FromSeconds(1.1)); // S3 counts whole seconds

        Assert.True(await Store.TouchAsync(Tenant, artifact.Sha256, default));
        var fresh = await HeadAsync(key);
        using var later = new S3ArtifactStore(new S3Session(Options()), new Ahead(TimeSpan.FromMinutes(11)));
        Assert.True(await later.TouchAsync(Tenant, artifact.Sha256, default));
        var renewed = await HeadAsync(key);

        Assert.Equal(before.LastModified, fresh.LastModified);
        Assert.True(renewed.LastModified > before.LastModified);
        Assert.Equal("image/png", renewed.Headers.ContentType);
    }

    [Fact]
    public async Task Sends_long_files_in_parts_and_removes_unfinished_ones()
    {
        var (path, _) = await FileAsync(12_000_123);
        var artifact = await Store.PutAsync(Tenant, path, "video/mp4", null, default);
        Assert.EndsWith("-3\"", (await HeadAsync(ArtifactKeys.Artifact(Tenant, artifact.Sha256))).ETag, StringComparison.Ordinal);

        await _session!.AskAsync(s3 => s3.InitiateMultipartUploadAsync(Bucket, $"{Tenant}/artifacts/unfinished"), default);
        await S3.RemovePartialsAsync(TimeProvider.System.GetUtcNow().AddHours(-1), default);
        Assert.Single(await UploadsAsync());
        await S3.RemovePartialsAsync(TimeProvider.System.GetUtcNow().AddMinutes(1), default);
        Assert.Empty(await UploadsAsync());
    }

    [Fact]
    public async Task Leaves_no_parts_behind_when_cancelled_in_mid_upload()
    {
        var (path, _) = await FileAsync(60_000_000);
        using var cancel = new CancellationTokenSource();
        var put = Store.PutAsync(Tenant, path, "video/mp4", null, cancel.Token);
        while ((await UploadsAsync()).Count == 0 && !put.IsCompleted) await Task.Yield();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => put);
        Assert.Empty(await UploadsAsync());
        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task Says_that_a_wrong_key_or_a_dead_server_make_it_unavailable()
    {
        foreach (var (endpoint, secret) in new[] { (Options().Endpoint, "wrong"), ("http://127.0.0.1:9", Options().SecretKey) })
        {
            var options = Options();
            (options.Endpoint, options.SecretKey, options.Timeout) = (endpoint, secret, TimeSpan.FromSeconds(1));
            using var store = new S3ArtifactStore(new S3Session(options), TimeProvider.System);

            var e = await Assert.ThrowsAsync<ArtifactStoreException>(() => store.ProbeAsync(default));

            Assert.Equal(("storage.unavailable", true), (e.Code, e.Transient));
        }
    }

    private static S3Options Options()
    {
        var parts = Environment.GetEnvironmentVariable("PLATFORM_TEST_S3")?.Split('|');
        if (parts is not { Length: 3 }) Assert.Skip("PLATFORM_TEST_S3 is not set: ./platform test starts an S3 server and sets it");
        return new S3Options { Endpoint = parts![0], AccessKey = parts[1], SecretKey = parts[2], Bucket = Bucket, ResultsBucket = Results, PartBytes = 5 << 20 };
    }

    private Task<GetObjectMetadataResponse> HeadAsync(string key) => _session!.AskAsync(s3 => s3.GetObjectMetadataAsync(Bucket, key), default);

    private async Task<List<MultipartUpload>> UploadsAsync()
    {
        var all = await _session!.AskAsync(s3 => s3.ListMultipartUploadsAsync(Bucket), default);
        return [.. (all.MultipartUploads ?? []).Where(upload => upload.Key.StartsWith(Tenant, StringComparison.Ordinal))];
    }

    private sealed class Ahead(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
