using System.Buffers.Text;
using System.Text.Json;
using MassTransit;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Platform.Contracts;
using Platform.Gateway.Access;
using Platform.Gateway.Requests;
using Platform.JobStore.Jobs;

namespace Platform.Gateway.Uploads;

/// <summary>An uploaded file or site.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Reference">How a job names it: <c>upload:ID</c> or <c>site:ID</c>.</param>
/// <param name="FileName">Its name, as the caller gave it.</param>
/// <param name="Sha256">SHA-256 of the file, or of the site's index.</param>
/// <param name="Bytes">Length of the file, or of the site's index.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="CreatedAt">When it came.</param>
/// <param name="ExpiresAt">Until when jobs can name it.</param>
internal sealed record UploadAnswer(Guid Id, string Reference, string? FileName, string Sha256, long Bytes, string ContentType, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    public static UploadAnswer Of(Upload upload) => new(
        upload.Id, $"{(upload.IsSite ? "site" : "upload")}:{upload.Id}", upload.FileName, upload.Artifact.Sha256, upload.Artifact.Bytes, upload.Artifact.ContentType,
        upload.CreatedAt, upload.ExpiresAt);
}

/// <summary>Takes files and sites in.</summary>
internal static class UploadEndpoints
{
    // Room for a multipart body's own lines around the files.
    private const long Envelope = 1 << 20;

    public static void MapUploads(this IEndpointRouteBuilder api)
    {
        api.MapPost("/uploads", (HttpContext context, UploadReceiver receiver, IOptions<GatewayOptions> options) =>
                receiver.ReceiveAsync(context, isSite: false, options.Value.MaxUploadBytes + Envelope))
            .RequireAuthorization(Scopes.Upload).WithName("upload").WithSummary("Upload a file: the body itself, or one file in a multipart form")
            .Produces<UploadAnswer>(201);
        api.MapPost("/sites", (HttpContext context, UploadReceiver receiver) =>
                receiver.ReceiveAsync(context, isSite: true, FileIntake.MaxSiteBytes + Envelope))
            .RequireAuthorization(Scopes.Upload).WithName("uploadSite").WithSummary("Upload a static site: a multipart form whose files are named by their relative paths")
            .Produces<UploadAnswer>(201);
    }
}

/// <summary>One upload: from the body to the saved row.</summary>
internal sealed class UploadReceiver(FileIntake files, JobDbContext db, ISendEndpointProvider queues, Idempotency idempotency)
{
    private static readonly Uri Artifacts = new($"exchange:{Queues.Artifacts}");

    public async Task<IResult> ReceiveAsync(HttpContext context, bool isSite, long maxBytes)
    {
        var (request, cancellation) = (context.Request, context.RequestAborted);
        if (!IdempotencyKey.TryRead(request.Headers, out var key)) return Problems.InvalidIdempotencyKey();
        if (request.Headers.ContentEncoding.Count > 0) return Problems.UnsupportedMediaType("Bodies are not taken compressed.");
        if (request.ContentLength > maxBytes) return Problems.BodyTooLarge(maxBytes - 1);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = maxBytes;
        try
        {
            var upload = isSite ? await ReadSiteAsync(context, cancellation) : await ReadFileAsync(context, cancellation);
            return upload.Problem ?? await SaveAsync(context, upload.Value!, key, cancellation);
        }
        catch (RefusedFileException e)
        {
            return e.Code == "body_too_large" ? new ApiProblem(413, e.Code, "The body is too large.") { Detail = e.Message } : Problems.Refused(e.Code, e.Message);
        }
        catch (InvalidDataException)        // the multipart reader's word for headers or parts that are too many or too long
        {
            return Problems.MalformedBody("It is no multipart form that is taken here.");
        }
        catch (IOException e) when (e is not BadHttpRequestException && !cancellation.IsCancellationRequested)
        {
            return Problems.MalformedBody("It ends too early.");
        }
    }

    private async Task<(Upload? Value, ApiProblem? Problem)> ReadFileAsync(HttpContext context, CancellationToken cancellation)
    {
        var request = context.Request;
        if (Boundary(request) is null)
        {
            var name = ContentDispositionHeaderValue.TryParse(request.Headers.ContentDisposition.ToString(), out var disposition) ? FileName(disposition) : null;
            return Checked(request, await files.TakeAsync(context.Tenant(), request.Body, name ?? request.Query["fileName"], cancellation));
        }
        Upload? upload = null;
        await foreach (var part in PartsAsync(request, cancellation))
        {
            if (upload is not null) return (null, Problems.Refused("too_many_files", "Send one file at a time."));
            upload = await files.TakeAsync(context.Tenant(), part.Body, part.FileName, cancellation);
        }
        return upload is null ? (null, Problems.Refused("upload_empty", "There is no file in the form.")) : (upload, null);
    }

    private async Task<(Upload? Value, ApiProblem? Problem)> ReadSiteAsync(HttpContext context, CancellationToken cancellation)
    {
        if (Boundary(context.Request) is null) return (null, Problems.UnsupportedMediaType("Send multipart/form-data with a file per part."));
        var site = files.BeginSite(context.Tenant());
        await foreach (var part in PartsAsync(context.Request, cancellation)) await site.AddAsync(part.FileName, part.Body, cancellation);
        return (await site.FinishAsync(cancellation), null);
    }

    private async Task<IResult> SaveAsync(HttpContext context, Upload upload, string? key, CancellationToken cancellation)
    {
        // The content is in the store by now, which changes nothing when the row is not made: it is named by its hash and goes with its age.
        var content = JsonSerializer.SerializeToElement(new { upload.FileName, upload.Artifact.Sha256 });
        var repeatable = key is null ? null : new RepeatableRequest(context.Tenant(), key, CanonicalJson.Hash("POST", context.Request.Path, content));
        if (await idempotency.FindAnswerAsync(repeatable, cancellation) is { } answered) return answered;
        var answer = JsonAnswer.Of(201, UploadAnswer.Of(upload));
        db.Uploads.Add(upload);
        idempotency.Remember(repeatable, answer, null);
        await (await queues.GetSendEndpoint(Artifacts)).Send(        // a row of the outbox: else Storage would let go of the file within the hour
            new ArtifactsKept { JobId = upload.Id, Tenant = upload.Tenant, Artifacts = [upload.Artifact.Sha256], Until = upload.ExpiresAt }, cancellation);
        return await idempotency.SaveAsync(repeatable, answer, cancellation);
    }

    /// <summary>Compares with what the caller said of the content (<c>Content-Digest</c>, RFC 9530).</summary>
    private static (Upload?, ApiProblem?) Checked(HttpRequest request, Upload upload)
    {
        const string Algorithm = "sha-256=:";
        var digest = request.Headers["Content-Digest"].ToString();
        if (!digest.StartsWith(Algorithm, StringComparison.Ordinal)) return (upload, null);
        var expected = new byte[33];
        var matches = Base64.DecodeFromUtf8(System.Text.Encoding.ASCII.GetBytes(digest[Algorithm.Length..].TrimEnd(':')), expected, out _, out var count) == System.Buffers.OperationStatus.Done
            && count == 32 && Convert.ToHexStringLower(expected.AsSpan(0, count)) == upload.Artifact.Sha256;
        return matches ? (upload, null) : (null, Problems.Refused("upload_checksum_mismatch", "The content is not what Content-Digest says."));
    }

    private static async IAsyncEnumerable<(string FileName, Stream Body)> PartsAsync(HttpRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var reader = new MultipartReader(Boundary(request)!, request.Body) { HeadersCountLimit = 16, HeadersLengthLimit = 8 * 1024 };
        while (await reader.ReadNextSectionAsync(cancellation) is { } section)
            if (ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) && FileName(disposition) is { } name)
                yield return (name, section.Body);      // other fields of the form say nothing to us
    }

    private static string? FileName(ContentDispositionHeaderValue disposition)
    {
        var name = disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName);
        return name.HasValue && name.Length > 0 ? name.ToString() : null;
    }

    private static string? Boundary(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary) is { HasValue: true, Length: > 0 and <= 100 } boundary
            ? boundary.ToString()
            : null;
}
