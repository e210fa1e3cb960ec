using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Amazon.S3;
using Amazon.S3.Model;
using Platform.Contracts;

namespace Platform.Artifacts;

/// <summary>Artifacts in an S3 bucket. An object appears whole or not at all; its age is its modification time, renewed by copying it onto itself.</summary>
internal sealed partial class S3ArtifactStore(S3Session session, TimeProvider time) : IArtifactStore, IArtifactMaintenance, IDisposable
{
    /// <summary>A younger object is not renewed: a renewal is a request that copies. Well within expiry's grace of an hour.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    /// <summary>Largest object that one copy request takes, by S3's rules.</summary>
    private const long MaxCopyBytes = 5L << 30;

    private readonly S3Upload _upload = new(session);

    public long? FreeBytes => null;

    public long? MaxBytes => null;

    public async Task<Artifact> PutAsync(string tenant, string path, string contentType, MediaFacts? media, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        var (bytes, sha256) = await Streams.CopyAsync(file, to: null, long.MaxValue, Timeout.InfiniteTimeSpan, cancellation);
        var key = ArtifactKeys.Artifact(tenant, sha256);
        if (await LengthAsync(key, cancellation) != bytes) await _upload.SendAsync(session.Bucket, key, path, contentType, sha256, cancellation);
        else await TouchAsync(tenant, sha256, cancellation);
        return new Artifact { Sha256 = sha256, Bytes = bytes, ContentType = contentType, Media = media };
    }

    public async Task<Artifact> PutAsync(string tenant, Stream content, long maxBytes, string contentType, CancellationToken cancellation)
    {
        // The key is the hash, so the content is on our disk before it goes on.
        var path = Path.Combine(Path.GetTempPath(), $"platform-put-{Guid.CreateVersion7():N}");
        try
        {
            await Local.WriteAsync(path, file => Streams.CopyAsync(content, file, maxBytes, Timeout.InfiniteTimeSpan, cancellation));
            return await PutAsync(tenant, path, contentType, media: null, cancellation);
        }
        finally { File.Delete(path); }
    }

    public async Task FetchAsync(string tenant, Artifact artifact, string path, CancellationToken cancellation)
    {
        const int tries = 3;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await Local.WriteAsync(path, async to =>
                {
                    await using var from = await OpenAsync(tenant, artifact.Sha256, 0, null, cancellation);
                    var copied = await session.AskAsync(_ => Streams.CopyAsync(from, to, long.MaxValue, session.Options.Timeout, cancellation), cancellation);
                    if (copied != (artifact.Bytes, artifact.Sha256))
                        throw new ArtifactStoreException("storage.corrupt", transient: true, "The stored file is not what it was when it was kept.");
                });
                return;
            }
            catch (ArtifactStoreException e) when (e.Transient && attempt < tries) { }
        }
    }

    public Task<Stream> OpenAsync(string tenant, string sha256, long offset, long? length, CancellationToken cancellation) =>
        OpenKeyAsync(session.Bucket, ArtifactKeys.Artifact(tenant, sha256), offset, length, cancellation);

    public async Task<bool> ExistsAsync(string tenant, string sha256, CancellationToken cancellation) =>
        await LengthAsync(ArtifactKeys.Artifact(tenant, sha256), cancellation) is not null;

    public Task<bool> TouchAsync(string tenant, string sha256, CancellationToken cancellation) => session.AskAsync(async s3 =>
    {
        var key = ArtifactKeys.Artifact(tenant, sha256);
        try
        {
            var head = await s3.GetObjectMetadataAsync(session.Bucket, key, cancellation);
            if (time.GetUtcNow() - Modified(head.LastModified) > Fresh && head.ContentLength <= MaxCopyBytes)
                await s3.CopyObjectAsync(Copy(key, session.Bucket, key, head.Headers.ContentType), cancellation);
            return true;
        }
        catch (AmazonS3Exception e) when (S3Session.IsMissing(e)) { return false; }
    }, cancellation);

    public Task<StageManifest?> FindManifestAsync(string tenant, string fingerprint, CancellationToken cancellation) => session.AskAsync<StageManifest?>(async s3 =>
    {
        try
        {
            using var answer = await s3.GetObjectAsync(session.Bucket, ArtifactKeys.Manifest(tenant, fingerprint), cancellation);
            return await JsonSerializer.DeserializeAsync<StageManifest>(answer.ResponseStream, ManifestJson.Options, cancellation);
        }
        catch (AmazonS3Exception e) when (S3Session.IsMissing(e)) { return null; }
    }, cancellation);

    public async Task<StageManifest> KeepManifestAsync(string tenant, StageManifest manifest, CancellationToken cancellation)
    {
        var earlier = await FindManifestAsync(tenant, manifest.Fingerprint, cancellation);
        if (earlier is not null && await this.HasAllAsync(tenant, earlier, cancellation)) return earlier;
        await session.AskAsync(async s3 =>
        {
            try { await s3.PutObjectAsync(Small(ArtifactKeys.Manifest(tenant, manifest.Fingerprint), JsonSerializer.SerializeToUtf8Bytes(manifest, ManifestJson.Options), absent: earlier is null), cancellation); }
            catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict) { }      // another writer was first
            return true;
        }, cancellation);
        return await FindManifestAsync(tenant, manifest.Fingerprint, cancellation)
            ?? throw new ArtifactStoreException("storage.unavailable", transient: true, "The store took a manifest and does not have it.");
    }

    public Task MarkAsync(string tenant, string name, CancellationToken cancellation) =>
        session.AskAsync(s3 => s3.PutObjectAsync(Small(ArtifactKeys.Mark(tenant, name), [], absent: false), cancellation), cancellation);

    public async Task<bool> IsMarkedAsync(string tenant, string name, CancellationToken cancellation) =>
        await LengthAsync(ArtifactKeys.Mark(tenant, name), cancellation) is not null;

    public async Task PublishAsync(string tenant, Guid jobId, string name, Artifact artifact, CancellationToken cancellation)
    {
        var (from, to) = (ArtifactKeys.Artifact(tenant, artifact.Sha256), ArtifactKeys.Result(tenant, jobId, name));
        if (artifact.Bytes <= MaxCopyBytes)
        {
            await session.AskAsync(s3 => s3.CopyObjectAsync(Copy(from, session.Results, to, artifact.ContentType), cancellation), cancellation);
            if (await _upload.HoldsAsync(session.Results, to, artifact.Bytes, tag: null, artifact.Sha256, cancellation)) return;
        }

        // Too long for one copy, or the copy is not the original: send it from here.
        var path = Path.Combine(Path.GetTempPath(), $"platform-publish-{Guid.CreateVersion7():N}");
        try
        {
            await FetchAsync(tenant, artifact, path, cancellation);
            await _upload.SendAsync(session.Results, to, path, artifact.ContentType, artifact.Sha256, cancellation);
        }
        finally { File.Delete(path); }
    }

    public Task<Stream> OpenResultAsync(string tenant, Guid jobId, string name, long offset, long? length, CancellationToken cancellation) =>
        OpenKeyAsync(session.Results, ArtifactKeys.Result(tenant, jobId, name), offset, length, cancellation);

    public async Task<Uri?> SignResultAsync(string tenant, Guid jobId, string name, TimeSpan lifetime, string fileName, CancellationToken cancellation) =>
        await session.SignAsync(session.Results, ArtifactKeys.Result(tenant, jobId, name), lifetime, $"attachment; filename=\"{Unsafe().Replace(fileName, "_")}\"", time);

    public async Task RemoveResultsAsync(string tenant, Guid jobId, CancellationToken cancellation)
    {
        await foreach (var found in ListBucketAsync(session.Results, ArtifactKeys.Results(tenant, jobId), cancellation))
            await session.AskAsync(s3 => s3.DeleteObjectAsync(session.Results, found.Key, cancellation), cancellation);
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var bucket in new[] { session.Bucket, session.Results }.Distinct())
            await foreach (var found in ListBucketAsync(bucket, ArtifactKeys.Prefix(prefix), cancellation))
                yield return found;
    }

    public Task DeleteAsync(string key, CancellationToken cancellation)
    {
        var bucket = ArtifactKeys.Parse(ArtifactKeys.Whole(key)) is { Kind: "results" } ? session.Results : session.Bucket;
        return session.AskAsync(s3 => s3.DeleteObjectAsync(bucket, key, cancellation), cancellation);
    }

    public Task<int> RemovePartialsAsync(DateTimeOffset before, CancellationToken cancellation) => session.AskAsync(async s3 =>
    {
        var removed = 0;
        foreach (var bucket in new[] { session.Bucket, session.Results }.Distinct())
        {
            var page = new ListMultipartUploadsRequest { BucketName = bucket };
            ListMultipartUploadsResponse answer;
            do
            {
                answer = await s3.ListMultipartUploadsAsync(page, cancellation);
                foreach (var upload in (answer.MultipartUploads ?? []).Where(upload => Modified(upload.Initiated) < before))
                {
                    try { await s3.AbortMultipartUploadAsync(bucket, upload.Key, upload.UploadId, cancellation); }
                    catch (AmazonS3Exception e) when (S3Session.IsMissing(e)) { continue; }     // finished or removed since it was listed
                    removed++;
                }
                (page.KeyMarker, page.UploadIdMarker) = (answer.NextKeyMarker, answer.NextUploadIdMarker);
            }
            while (answer.IsTruncated == true);
        }
        return removed;
    }, cancellation);

    public Task ProbeAsync(CancellationToken cancellation) =>
        session.AskAsync(s3 => s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = session.Bucket, MaxKeys = 1 }, cancellation), cancellation);

    public void Dispose() => session.Dispose();

    // Always by range: for a whole object the SDK would compute an MD5 and compare it with the tag, which we know better than to trust.
    private Task<Stream> OpenKeyAsync(string bucket, string key, long offset, long? length, CancellationToken cancellation) => session.AskAsync(async s3 =>
    {
        if (length == 0) return Stream.Null;
        var range = new ByteRange(offset, length is { } part ? offset + part - 1 : long.MaxValue);
        try { return (await s3.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = key, ByteRange = range }, cancellation)).ResponseStream; }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) { return Stream.Null; }      // begins after the end, as in a file
    }, cancellation);

    private Task<long?> LengthAsync(string key, CancellationToken cancellation) => session.AskAsync<long?>(async s3 =>
    {
        try { return (await s3.GetObjectMetadataAsync(session.Bucket, key, cancellation)).ContentLength; }
        catch (AmazonS3Exception e) when (S3Session.IsMissing(e)) { return null; }
    }, cancellation);

    private async IAsyncEnumerable<StoredObject> ListBucketAsync(string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix };
        ListObjectsV2Response page;
        do
        {
            page = await session.AskAsync(s3 => s3.ListObjectsV2Async(request, cancellation), cancellation);
            foreach (var found in page.S3Objects ?? []) yield return new StoredObject(found.Key, found.Size ?? 0, Modified(found.LastModified));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    private CopyObjectRequest Copy(string from, string toBucket, string to, string contentType) => new()
    {
        SourceBucket = session.Bucket,
        SourceKey = from,
        DestinationBucket = toBucket,
        DestinationKey = to,
        MetadataDirective = S3MetadataDirective.REPLACE,
        ContentType = contentType,
    };

    private PutObjectRequest Small(string key, byte[] content, bool absent) => new()
    {
        BucketName = session.Bucket,
        Key = key,
        InputStream = new MemoryStream(content),
        ContentType = "application/json",
        IfNoneMatch = absent ? "*" : null,
        UseChunkEncoding = false,
    };

    private static DateTimeOffset Modified(DateTime? at) => at is { } known ? new DateTimeOffset(known.ToUniversalTime()) : DateTimeOffset.UnixEpoch;

    [GeneratedRegex("[^A-Za-z0-9._-]")] private static partial Regex Unsafe();
}
