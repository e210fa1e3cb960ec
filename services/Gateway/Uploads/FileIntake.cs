using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Platform.Artifacts;
using Platform.Contracts;
using Platform.JobStore.Jobs;

namespace Platform.Gateway.Uploads;

/// <summary>A file or site is not taken.</summary>
/// <param name="code">Stable, as in the API.</param>
/// <param name="detail">For people.</param>
public sealed class RefusedFileException(string code, string detail) : Exception(detail)
{
    /// <summary>Stable: <c>body_too_large</c>, <c>upload_empty</c>, <c>site_path_invalid</c>, <c>site_path_repeated</c>, <c>site_without_index</c>, <c>limit_exceeded</c>.</summary>
    public string Code { get; } = code;
}

/// <summary>
/// Takes files and sites in for jobs to come. Files go to the artifact store; the row that makes them an upload is made here and saved by the caller.
/// </summary>
/// <exception cref="RefusedFileException">By every member that takes content.</exception>
public sealed class FileIntake(IArtifactStore store, IOptions<GatewayOptions> options, TimeProvider time)
{
    /// <summary>Most files of a site.</summary>
    public const int MaxSiteFiles = 1000;

    /// <summary>Most bytes of a site's files together.</summary>
    public const long MaxSiteBytes = 200L << 20;

    /// <summary>Takes a file in.</summary>
    /// <param name="tenant">The owner.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="fileName">What the caller calls it, for people.</param>
    /// <param name="cancellation">Ends the copy; nothing partial stays.</param>
    public async Task<Upload> TakeAsync(string tenant, Stream content, string? fileName, CancellationToken cancellation)
    {
        var file = await StoreAsync(tenant, content, options.Value.MaxUploadBytes, null, cancellation);
        return file.Bytes > 0 ? NewUpload(tenant, fileName, isSite: false, file) : throw new RefusedFileException("upload_empty", "The file is empty.");
    }

    /// <summary>Begins to take a site in.</summary>
    /// <param name="tenant">The owner.</param>
    public SiteIntake BeginSite(string tenant) => new(this, tenant);

    internal async Task<Artifact> StoreAsync(string tenant, Stream content, long maxBytes, string? contentType, CancellationToken cancellation)
    {
        await using var incoming = new IncomingFile(content);
        var head = await incoming.PeekAsync(FileKind.HeadBytes, cancellation);
        try
        {
            return await store.PutAsync(tenant, incoming, maxBytes, contentType ?? FileKind.Of(head.Span), cancellation);
        }
        catch (ArtifactStoreException e) when (e.Code == "storage.too_large")
        {
            throw new RefusedFileException("body_too_large", string.Create(CultureInfo.InvariantCulture, $"At most {maxBytes} bytes are taken."));
        }
        catch (ArtifactStoreException) when (incoming.SenderFailure is not null)
        {
            ExceptionDispatchInfo.Throw(incoming.SenderFailure);        // the store took it for a failure of its own
            throw;
        }
    }

    internal Upload NewUpload(string tenant, string? fileName, bool isSite, Artifact artifact)
    {
        var now = time.GetUtcNow();
        return new Upload
        {
            Id = Guid.CreateVersion7(now),
            Tenant = tenant,
            FileName = fileName is null ? null : DisplayName(fileName),
            IsSite = isSite,
            Artifact = artifact,
            CreatedAt = now,
            ExpiresAt = now + options.Value.UploadLifetime,
        };
    }

    // A name for people: the last part of a path, without what a terminal or a database would stumble over.
    private static string? DisplayName(string name)
    {
        var last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var clean = new string([.. last.Where(c => !char.IsControl(c) && !char.IsSurrogate(c))]);
        return clean.Length == 0 ? null : clean[..Math.Min(clean.Length, 255)];
    }
}

/// <summary>A site on its way in: files one after the other, then its index.</summary>
public sealed class SiteIntake
{
    private readonly FileIntake _files;
    private readonly string _tenant;
    private readonly SortedDictionary<string, Artifact> _index = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folded = [];
    private long _bytes;

    internal SiteIntake(FileIntake files, string tenant) => (_files, _tenant) = (files, tenant);

    /// <summary>Takes a file in.</summary>
    /// <param name="path">Its place in the site, such as <c>css/site.css</c>.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="cancellation">Ends the copy.</param>
    /// <exception cref="RefusedFileException">The path is no such place or came before, or the site has too many files or bytes.</exception>
    public async Task AddAsync(string path, Stream content, CancellationToken cancellation)
    {
        if (!SitePath.TryNormalize(path, out var normal)) throw new RefusedFileException("site_path_invalid", "A file's name must be a relative path such as css/site.css.");
        if (!_folded.Add(SitePath.Folded(normal))) throw new RefusedFileException("site_path_repeated", $"There are two files {normal}.");
        if (_index.Count == FileIntake.MaxSiteFiles) throw new RefusedFileException("limit_exceeded", $"A site has at most {FileIntake.MaxSiteFiles} files.");
        var file = await _files.StoreAsync(_tenant, content, FileIntake.MaxSiteBytes - _bytes, SitePath.ContentTypeOf(normal), cancellation);
        _index[normal] = file;
        _bytes += file.Bytes;
    }

    /// <summary>Writes the index.</summary>
    /// <param name="cancellation">Ends the write.</param>
    /// <exception cref="RefusedFileException">There is no <c>index.html</c>.</exception>
    public async Task<Upload> FinishAsync(CancellationToken cancellation)
    {
        if (!_index.ContainsKey("index.html")) throw new RefusedFileException("site_without_index", "A site needs an index.html.");
        using var json = new MemoryStream(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new SiteIndex { Files = _index }, ContractJson.Options)));
        var index = await _files.StoreAsync(_tenant, json, long.MaxValue, SiteIndex.ContentType, cancellation);
        return _files.NewUpload(_tenant, null, isSite: true, index);
    }
}
