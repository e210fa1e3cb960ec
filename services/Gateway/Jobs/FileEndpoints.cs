using System.Globalization;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Platform.Artifacts;
using Platform.Contracts;
using Platform.Gateway.Access;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Jobs;

/// <summary>Serves the files of jobs.</summary>
internal static class FileEndpoints
{
    public static void MapJobFiles(this IEndpointRouteBuilder api) =>
        api.MapMethods("/jobs/{id:jobid}/artifacts/{*name}", ["GET", "HEAD"], ServeAsync).RequireAuthorization(Scopes.ReadJobs)
            .WithName("getJobFile").WithSummary("Download a file of a job, or with redirect=true get a link that works without a key for a while")
            .Produces(200, contentType: "application/octet-stream").Produces(206, contentType: "application/octet-stream").Produces(302);

    private static async Task<IResult> ServeAsync(
        Guid id, string name, bool? redirect, HttpContext context, JobReader jobs, IArtifactStore store, IOptions<GatewayOptions> options, CancellationToken cancellation)
    {
        var tenant = context.Tenant();
        if (await jobs.FindAsync(tenant, id, cancellation) is not { } job || JobFiles.Find(job, name) is not { } file) return Problems.NotFound();
        if (redirect is true && file.IsResult && await store.SignResultAsync(tenant, id, name, options.Value.LinkLifetime, file.Name, cancellation) is { } link)
            return Results.Redirect(link.AbsoluteUri);
        return new ServedFile(file, (offset, length, token) => file.IsResult
            ? store.OpenResultAsync(tenant, id, name, offset, length, token)
            : store.OpenAsync(tenant, file.Artifact.Sha256, offset, length, token));
    }

    /// <summary>A file, or the part that was asked for.</summary>
    private sealed class ServedFile(JobFile file, Func<long, long?, CancellationToken, Task<Stream>> open) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (request, response, total) = (httpContext.Request, httpContext.Response, file.Artifact.Bytes);
            var tag = new EntityTagHeaderValue($"\"{file.Artifact.Sha256}\"");
            var notModified = EntityTags.Match(request.Headers.IfNoneMatch, tag);
            var range = HttpMethods.IsGet(request.Method) && Applies(request.Headers.IfRange, tag) ? ByteRange.Read(request.Headers.Range, total) : null;
            if (!notModified && range is { Length: 0 })
            {
                response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{total}");
                await Problems.RangeNotSatisfiable().ExecuteAsync(httpContext);
                return;
            }

            response.Headers.ETag = tag.ToString();
            response.Headers.CacheControl = "private, no-cache";
            if (notModified)
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
            var (offset, length) = range is { } part ? (part.Offset, part.Length) : (0, total);
            await using var content = HttpMethods.IsHead(request.Method) ? Stream.Null : await open(offset, range is null ? null : length, httpContext.RequestAborted);
            response.StatusCode = range is null ? StatusCodes.Status200OK : StatusCodes.Status206PartialContent;
            response.ContentType = MediaTypes.Safe(file.Artifact.ContentType);
            response.ContentLength = length;
            response.Headers.AcceptRanges = "bytes";
            response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = file.Name }.ToString();
            if (range is not null) response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {offset}-{offset + length - 1}/{total}");
            await content.CopyToAsync(response.Body, 128 * 1024, httpContext.RequestAborted);
        }

        // If-Range with anything but this very file's tag: the whole file.
        private static bool Applies(Microsoft.Extensions.Primitives.StringValues ifRange, EntityTagHeaderValue tag) =>
            ifRange.Count == 0 || (EntityTagHeaderValue.TryParse(ifRange.ToString(), out var candidate) && candidate.Compare(tag, useStrongComparison: true));
    }
}
