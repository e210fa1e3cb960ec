using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Platform.Artifacts;

/// <summary>The connection to an S3 server: its settings, its buckets, and what its errors mean to us.</summary>
internal sealed class S3Session(S3Options options) : IDisposable
{
    private readonly AmazonS3Client _client = Connect(options, options.Endpoint);
    private readonly AmazonS3Client _public = Connect(options, options.PublicEndpoint ?? options.Endpoint);
    private volatile bool _ready;

    public S3Options Options => options;

    /// <summary>Bucket of artifacts, manifests and marks.</summary>
    public string Bucket => options.Bucket;

    /// <summary>Bucket of results.</summary>
    public string Results => options.ResultsBucket ?? options.Bucket;

    /// <summary>Body signing costs a pass over the file; TLS and Content-MD5 protect it as well.</summary>
    public bool SignsPayload { get; } = !options.Endpoint.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Talks to the server, once its buckets are known to be there.</summary>
    /// <exception cref="ArtifactStoreException">For every way in which it can go wrong.</exception>
    public async Task<T> AskAsync<T>(Func<AmazonS3Client, Task<T>> question, CancellationToken cancellation)
    {
        try
        {
            if (!_ready) await MakeReadyAsync(cancellation);
            return await question(_client);
        }
        catch (Exception e) when (Classify(e, cancellation) is { } known)
        {
            throw known;
        }
    }

    /// <summary>A link that works without credentials for <paramref name="lifetime"/>.</summary>
    public async Task<Uri> SignAsync(string bucket, string key, TimeSpan lifetime, string contentDisposition, TimeProvider time)
    {
        var request = new GetPreSignedUrlRequest
        {
            BucketName = bucket,
            Key = key,
            Expires = (time.GetUtcNow() + lifetime).UtcDateTime,
            Protocol = (options.PublicEndpoint ?? options.Endpoint).StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? Protocol.HTTPS : Protocol.HTTP,
        };
        request.ResponseHeaderOverrides.ContentDisposition = contentDisposition;
        return new Uri(await _public.GetPreSignedURLAsync(request));
    }

    public void Dispose()
    {
        _client.Dispose();
        _public.Dispose();
    }

    /// <summary>Whether an error says that there is no such object.</summary>
    public static bool IsMissing(Exception e) => e is AmazonS3Exception { StatusCode: HttpStatusCode.NotFound };

    private static ArtifactStoreException? Classify(Exception e, CancellationToken cancellation) => e switch
    {
        ArtifactStoreException known => known,
        _ when IsMissing(e) => new("storage.missing", transient: false, "The file is not in the store any more.", e),
        AmazonS3Exception { StatusCode: HttpStatusCode.InsufficientStorage } or AmazonS3Exception { ErrorCode: "QuotaExceeded" } =>
            new("storage.full", transient: true, "The artifact store has too little free space.", e),
        AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException =>
            new("storage.unavailable", transient: true, "The artifact store could not be used.", e),
        OperationCanceledException when !cancellation.IsCancellationRequested =>
            new("storage.unavailable", transient: true, "The artifact store did not answer in time.", e),
        _ => null,
    };

    private async Task MakeReadyAsync(CancellationToken cancellation)
    {
        if (options.CreateBuckets)
        {
            foreach (var bucket in new[] { Bucket, Results }.Distinct())
            {
                if (!await ExistsAsync(bucket, cancellation)) await MakeAsync(bucket, cancellation);
            }
        }
        _ready = true;
    }

    private async Task<bool> ExistsAsync(string bucket, CancellationToken cancellation)
    {
        try
        {
            await _client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, MaxKeys = 1 }, cancellation);
            return true;
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchBucket") { return false; }
    }

    private async Task MakeAsync(string bucket, CancellationToken cancellation)
    {
        try { await _client.PutBucketAsync(new PutBucketRequest { BucketName = bucket }, cancellation); }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.Conflict) { }      // another process made it at the same time
    }

    private static AmazonS3Client Connect(S3Options options, string endpoint) => new(
        new BasicAWSCredentials(options.AccessKey, options.SecretKey),
        new AmazonS3Config
        {
            ServiceURL = endpoint,
            ForcePathStyle = true,
            AuthenticationRegion = options.Region,
            UseHttp = endpoint.StartsWith("http:", StringComparison.OrdinalIgnoreCase),
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = 4,
            Timeout = options.Timeout,
        });
}
