using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Artifacts;
using Platform.Contracts;
using Platform.Egress;
using Platform.JobStore.Jobs;

namespace Platform.Gateway.Jobs;

/// <summary>What the references of a document turned out to be.</summary>
/// <param name="Inputs">Files, by the string that names them.</param>
/// <param name="Problems">What is wrong, with its place.</param>
internal sealed record ResolvedReferences(Dictionary<string, Artifact> Inputs, List<DocumentProblem> Problems);

/// <summary>Checks what a document refers to: URLs by their form, uploads, sites and artifacts by whether the tenant has them.</summary>
internal sealed partial class References(JobDbContext db, IArtifactStore store, IOptions<EgressOptions> egress, TimeProvider time, ILogger<References> logger)
{
    public async Task<ResolvedReferences> ResolveAsync(string tenant, IReadOnlyList<FormattedValue> references, CancellationToken cancellation)
    {
        var (inputs, problems) = (new Dictionary<string, Artifact>(), new List<DocumentProblem>());
        var parsed = references.Select(value => (Value: value, Media: Media.TryParse(value.Text, out var media) ? media : null)).ToList();
        var uploads = await FindUploadsAsync(tenant, parsed.Select(reference => reference.Media), cancellation);
        foreach (var (value, media) in parsed)
        {
            if (value.Format is not (DocumentFormats.Media or DocumentFormats.Page or DocumentFormats.Url)) continue;
            var isFile = value.Format == DocumentFormats.Media ? media is not null : value.Format == DocumentFormats.Page && media is { Kind: MediaKind.Site };
            if (!isFile || media!.Kind == MediaKind.Url) CheckUrl(value, problems);
            else if (value.Format == DocumentFormats.Media && media.Kind == MediaKind.Site) continue;      // no media: the reader has said so
            else if (media.Kind != MediaKind.Stage && !inputs.ContainsKey(value.Text))
            {
                var file = media.Kind switch
                {
                    MediaKind.Upload or MediaKind.Site => uploads.GetValueOrDefault((Guid.Parse(media.Name), media.Kind == MediaKind.Site)),
                    MediaKind.Artifact => await FindArtifactAsync(tenant, media.Name, cancellation),
                    _ => null,
                };
                if (file is null) problems.Add(Unknown(value, media.Kind));
                else inputs[value.Text] = file;
            }
        }
        foreach (var file in inputs.Values.DistinctBy(file => file.Sha256)) await KeepAsync(tenant, file, cancellation);
        return new ResolvedReferences(inputs, problems);
    }

    private async Task<Dictionary<(Guid, bool IsSite), Artifact>> FindUploadsAsync(string tenant, IEnumerable<Media?> references, CancellationToken cancellation)
    {
        var ids = references.Where(media => media is { Kind: MediaKind.Upload or MediaKind.Site }).Select(media => Guid.Parse(media!.Name)).Distinct().ToList();
        if (ids.Count == 0) return [];
        var now = time.GetUtcNow();
        var rows = await db.Uploads.AsNoTracking().Where(upload => ids.Contains(upload.Id) && upload.Tenant == tenant && upload.ExpiresAt > now).ToListAsync(cancellation);
        return rows.ToDictionary(upload => (upload.Id, upload.IsSite), upload => upload.Artifact);
    }

    // The reader has its own word for what is neither media nor URL; here it is only told when it looks like a URL.
    private void CheckUrl(FormattedValue value, List<DocumentProblem> problems)
    {
        if (value.Format == DocumentFormats.Media && !value.Text.Contains(':', StringComparison.Ordinal) && !value.Text.StartsWith("//", StringComparison.Ordinal)) return;
        problems.AddRange(UrlPolicy.Check(value.Text, egress.Value.AllowPrivate).Select(problem => new DocumentProblem(value.Pointer, problem.Code, problem.Detail)));
    }

    private async Task<Artifact?> FindArtifactAsync(string tenant, string sha256, CancellationToken cancellation)
    {
        if (!await store.ExistsAsync(tenant, sha256, cancellation)) return null;
        await foreach (var stored in store.ListAsync($"{tenant}/artifacts/{sha256}", cancellation))
            return new Artifact { Sha256 = sha256, Bytes = stored.Bytes, ContentType = await Uploads.FileKind.OfAsync(store, tenant, sha256, cancellation) };
        return null;
    }

    // The job will need the file when its turn comes. A store that is away for the moment stops no acceptance: the file was there when it was uploaded.
    private async Task KeepAsync(string tenant, Artifact file, CancellationToken cancellation)
    {
        try { await store.TouchAsync(tenant, file.Sha256, cancellation); }
        catch (ArtifactStoreException e) when (e.Transient) { LogNotRenewed(file.Sha256, e.Code); }
    }

    private static DocumentProblem Unknown(FormattedValue value, MediaKind kind)
    {
        var name = kind.ToString().ToLowerInvariant();
        return new DocumentProblem(value.Pointer, $"unknown_{name}", $"There is no such {name}, or it has expired.");
    }

    [LoggerMessage(LogLevel.Warning, "Could not renew {Sha256} for a new job: {Code}")]
    private partial void LogNotRenewed(string sha256, string code);
}
