using System.Security.Cryptography;
using Amazon.S3.Model;

namespace Platform.Artifacts;

/// <summary>
/// Sends a local file and believes nothing: each request carries its MD5, and afterwards the object's length and ETag are asked for; where the ETag is
/// no MD5 (some encryptions), or another one, the object is read back and hashed. What does not hold is sent again, three times in all.
/// </summary>
internal sealed class S3Upload(S3Session session)
{
    private const int Tries = 3;
    private const int PartsAtOnce = 4;

    public async Task SendAsync(string bucket, string key, string path, string contentType, string sha256, CancellationToken cancellation)
    {
        var length = new FileInfo(path).Length;
        var parts = await Md5Async(path, length, cancellation);
        var tag = parts.Count == 1 ? Convert.ToHexStringLower(parts[0]) : $"{Convert.ToHexStringLower(Md5(parts.SelectMany(part => part).ToArray()))}-{parts.Count}";
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (parts.Count == 1) await SendWholeAsync(bucket, key, path, contentType, parts[0], cancellation);
                else await SendPartsAsync(bucket, key, path, contentType, length, parts, cancellation);
                if (await HoldsAsync(bucket, key, length, tag, sha256, cancellation)) return;
            }
            catch (ArtifactStoreException e) when (e.Code == "storage.missing" || (e.Code == "storage.unavailable" && attempt < Tries)) { }
            if (attempt == Tries) throw new ArtifactStoreException("storage.corrupt", transient: true, "The store does not hold what it was given.");
            await Task.Delay(TimeSpan.FromMilliseconds(200 * Math.Pow(4, attempt - 1) * (0.5 + Random.Shared.NextDouble())), cancellation);
        }
    }

    /// <summary>Whether an object has this content.</summary>
    public async Task<bool> HoldsAsync(string bucket, string key, long length, string? tag, string sha256, CancellationToken cancellation)
    {
        var head = await session.AskAsync(s3 => s3.GetObjectMetadataAsync(bucket, key, cancellation), cancellation);
        if (head.ContentLength != length) return false;
        if (tag is not null && head.ETag.Trim('"') == tag) return true;
        return await session.AskAsync(async s3 =>
        {
            // By range: for a whole object the SDK itself compares a tag that looks like an MD5, and throws.
            using var answer = await s3.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = key, ByteRange = length > 0 ? new ByteRange(0, length - 1) : null }, cancellation);
            return await Streams.CopyAsync(answer.ResponseStream, to: null, long.MaxValue, session.Options.Timeout, cancellation);
        }, cancellation) == (length, sha256);
    }

    private Task<PutObjectResponse> SendWholeAsync(string bucket, string key, string path, string contentType, byte[] md5, CancellationToken cancellation) => session.AskAsync(
        s3 => s3.PutObjectAsync(new PutObjectRequest
        {
            BucketName = bucket,
            Key = key,
            FilePath = path,
            ContentType = contentType,
            MD5Digest = Convert.ToBase64String(md5),
            UseChunkEncoding = false,
            DisablePayloadSigning = !session.SignsPayload,
        }, cancellation), cancellation);

    private async Task SendPartsAsync(string bucket, string key, string path, string contentType, long length, List<byte[]> parts, CancellationToken cancellation)
    {
        var begun = await session.AskAsync(s3 => s3.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = bucket, Key = key, ContentType = contentType }, cancellation), cancellation);
        try
        {
            var tags = new PartETag[parts.Count];
            await Parallel.ForAsync(0, parts.Count, new ParallelOptions { MaxDegreeOfParallelism = PartsAtOnce, CancellationToken = cancellation }, async (part, token) =>
            {
                var at = (long)part * session.Options.PartBytes;
                var sent = await session.AskAsync(s3 => s3.UploadPartAsync(new UploadPartRequest
                {
                    BucketName = bucket,
                    Key = key,
                    UploadId = begun.UploadId,
                    PartNumber = part + 1,
                    FilePath = path,
                    FilePosition = at,
                    PartSize = Math.Min(session.Options.PartBytes, length - at),
                    MD5Digest = Convert.ToBase64String(parts[part]),
                    UseChunkEncoding = false,
                    DisablePayloadSigning = !session.SignsPayload,
                }, token), token);
                tags[part] = new PartETag(part + 1, sent.ETag);
            });
            await session.AskAsync(s3 => s3.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest
            {
                BucketName = bucket,
                Key = key,
                UploadId = begun.UploadId,
                PartETags = [.. tags],
            }, cancellation), cancellation);
        }
        catch
        {
            await AbortAsync(bucket, key, begun.UploadId);
            throw;
        }
    }

    // Also after a cancel, so with a time limit of its own. A server that cannot be reached now is swept later.
    private async Task AbortAsync(string bucket, string key, string upload)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(4));
        try { await session.AskAsync(s3 => s3.AbortMultipartUploadAsync(bucket, key, upload, limit.Token), CancellationToken.None); }
        catch (ArtifactStoreException) { }
    }

    private async Task<List<byte[]>> Md5Async(string path, long length, CancellationToken cancellation)
    {
        var parts = new List<byte[]>();
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        var buffer = GC.AllocateUninitializedArray<byte>((int)Math.Min(session.Options.PartBytes, Math.Max(length, 1)));
        do
        {
            var read = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
            parts.Add(Md5(buffer.AsSpan(0, read)));
        }
        while (file.Position < length);
        return parts;
    }

#pragma warning disable CA5351 // S3 speaks MD5: against accidents, not against attackers; those meet SHA-256
    private static byte[] Md5(ReadOnlySpan<byte> bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351
}
