using System.Runtime.CompilerServices;
using System.Text.Json;
using Platform.Contracts;

namespace Platform.Artifacts;

/// <summary>
/// Artifacts in a folder. A file is written under <c>.partial/</c>, forced to disk, and renamed; so under a final name there is a whole file or none,
/// also after a crash of the machine. A file's age is its modification time.
/// </summary>
internal sealed class FolderArtifactStore : IArtifactStore, IArtifactMaintenance
{
    private const string Partial = ".partial";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _root;
    private readonly ArtifactsOptions _options;
    private readonly TimeProvider _time;

    public FolderArtifactStore(ArtifactsOptions options, TimeProvider time)
    {
        (_options, _time, _root) = (options, time, Path.GetFullPath(options.Folder ?? throw new ArgumentException("no folder", nameof(options))));
        MakeFolder(_root);
        MakeFolder(PathOf(Partial));
    }

    public long? FreeBytes => new DriveInfo(_root).AvailableFreeSpace;

    public long? MaxBytes => _options.MaxBytes;

    public async Task<Artifact> PutAsync(string tenant, string path, string contentType, MediaFacts? media, CancellationToken cancellation)
    {
        await using var content = OpenLocal(path);      // outside the guard: that it is there is the caller's business
        return await GuardAsync(() =>
        {
            Demand(content.Length);
            return TakeInAsync(tenant, content, long.MaxValue, contentType, media, cancellation);
        });
    }

    public Task<Artifact> PutAsync(string tenant, Stream content, long maxBytes, string contentType, CancellationToken cancellation) => GuardAsync(async () =>
    {
        Demand(0);
        return await TakeInAsync(tenant, content, maxBytes, contentType, media: null, cancellation);
    });

    public Task FetchAsync(string tenant, Artifact artifact, string path, CancellationToken cancellation) => GuardAsync(async () =>
    {
        await using var from = OpenStored(ArtifactKeys.Artifact(tenant, artifact.Sha256));
        await Local.WriteAsync(path, async to =>
        {
            var copied = await Streams.CopyAsync(from, to, long.MaxValue, Timeout.InfiniteTimeSpan, cancellation);
            if (copied != (artifact.Bytes, artifact.Sha256)) throw Corrupt();
        });
        return true;
    });

    public Task<Stream> OpenAsync(string tenant, string sha256, long offset, long? length, CancellationToken cancellation) =>
        GuardAsync(() => Task.FromResult(Part(OpenStored(ArtifactKeys.Artifact(tenant, sha256)), offset, length)));

    public Task<bool> ExistsAsync(string tenant, string sha256, CancellationToken cancellation) =>
        Task.FromResult(File.Exists(PathOf(ArtifactKeys.Artifact(tenant, sha256))));

    public Task<bool> TouchAsync(string tenant, string sha256, CancellationToken cancellation) => GuardAsync(() =>
    {
        try
        {
            File.SetLastWriteTimeUtc(PathOf(ArtifactKeys.Artifact(tenant, sha256)), _time.GetUtcNow().UtcDateTime);
            return Task.FromResult(true);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult(false);
        }
    });

    public Task<StageManifest?> FindManifestAsync(string tenant, string fingerprint, CancellationToken cancellation) => GuardAsync(async () =>
    {
        try
        {
            await using var file = OpenLocal(PathOf(ArtifactKeys.Manifest(tenant, fingerprint)));
            return await JsonSerializer.DeserializeAsync<StageManifest>(file, ManifestJson.Options, cancellation);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    });

    public async Task<StageManifest> KeepManifestAsync(string tenant, StageManifest manifest, CancellationToken cancellation)
    {
        var key = ArtifactKeys.Manifest(tenant, manifest.Fingerprint);
        var stale = await FindManifestAsync(tenant, manifest.Fingerprint, cancellation) is { } earlier && !await this.HasAllAsync(tenant, earlier, cancellation);
        await GuardAsync(() => WriteAsync(key, overwrite: stale, async file =>
        {
            await JsonSerializer.SerializeAsync(file, manifest, ManifestJson.Options, cancellation);
            return true;
        }));
        return await FindManifestAsync(tenant, manifest.Fingerprint, cancellation) ?? manifest; // removed by expiry in between: what was made counts
    }

    public Task MarkAsync(string tenant, string name, CancellationToken cancellation) =>
        GuardAsync(() => WriteAsync(ArtifactKeys.Mark(tenant, name), overwrite: true, _ => Task.FromResult(true)));

    public Task<bool> IsMarkedAsync(string tenant, string name, CancellationToken cancellation) =>
        Task.FromResult(File.Exists(PathOf(ArtifactKeys.Mark(tenant, name))));

    public Task PublishAsync(string tenant, Guid jobId, string name, Artifact artifact, CancellationToken cancellation) => GuardAsync(async () =>
    {
        var key = ArtifactKeys.Result(tenant, jobId, name);
        Demand(artifact.Bytes);
        await using var from = OpenStored(ArtifactKeys.Artifact(tenant, artifact.Sha256));
        return await WriteAsync(key, overwrite: true, async to =>
        {
            await from.CopyToAsync(to, cancellation);
            await to.FlushAsync(cancellation);
            to.Position = 0;
            if (await Streams.CopyAsync(to, to: null, long.MaxValue, Timeout.InfiniteTimeSpan, cancellation) != (artifact.Bytes, artifact.Sha256)) throw Corrupt();
            return true;
        });
    });

    public Task<Stream> OpenResultAsync(string tenant, Guid jobId, string name, long offset, long? length, CancellationToken cancellation) =>
        GuardAsync(() => Task.FromResult(Part(OpenStored(ArtifactKeys.Result(tenant, jobId, name)), offset, length)));

    public Task<Uri?> SignResultAsync(string tenant, Guid jobId, string name, TimeSpan lifetime, string fileName, CancellationToken cancellation) => Task.FromResult<Uri?>(null);

    public Task RemoveResultsAsync(string tenant, Guid jobId, CancellationToken cancellation) => GuardAsync(() =>
    {
        var folder = PathOf(ArtifactKeys.Results(tenant, jobId));
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        return Task.FromResult(true);
    });

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArtifactKeys.Prefix(prefix);
        var folder = new DirectoryInfo(PathOf(prefix[..(prefix.LastIndexOf('/') + 1)]));
        if (!folder.Exists) yield break;
        foreach (var file in folder.EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            cancellation.ThrowIfCancellationRequested();
            var key = Path.GetRelativePath(_root, file.FullName);
            if (key.StartsWith(prefix, StringComparison.Ordinal) && Seen(file, key) is { } found) yield return found;
        }
        await Task.CompletedTask;
    }

    public Task DeleteAsync(string key, CancellationToken cancellation) => GuardAsync(() =>
    {
        try { File.Delete(PathOf(ArtifactKeys.Whole(key))); }
        catch (DirectoryNotFoundException) { }      // gone is what was wanted
        return Task.FromResult(true);
    });

    public Task<int> RemovePartialsAsync(DateTimeOffset before, CancellationToken cancellation) => GuardAsync(() =>
    {
        var old = new DirectoryInfo(PathOf(Partial)).GetFiles().Where(file => file.LastWriteTimeUtc < before.UtcDateTime).ToList();
        old.ForEach(file => file.Delete());
        return Task.FromResult(old.Count);
    });

    public Task ProbeAsync(CancellationToken cancellation) => GuardAsync(async () =>
    {
        Demand(0);
        var path = NewPartial();
        await File.WriteAllBytesAsync(path, [1], cancellation);
        File.Delete(path);
        return true;
    });

    private async Task<Artifact> TakeInAsync(string tenant, Stream content, long maxBytes, string contentType, MediaFacts? media, CancellationToken cancellation)
    {
        var partial = NewPartial();
        try
        {
            long bytes;
            string sha256;
            await using (var file = CreatePartial(partial))
            {
                (bytes, sha256) = await Streams.CopyAsync(content, file, maxBytes, Timeout.InfiniteTimeSpan, cancellation);
                file.Flush(flushToDisk: true);
            }
            Land(partial, ArtifactKeys.Artifact(tenant, sha256), overwrite: true);
            return new Artifact { Sha256 = sha256, Bytes = bytes, ContentType = contentType, Media = media };
        }
        finally { File.Delete(partial); }
    }

    private async Task<bool> WriteAsync(string key, bool overwrite, Func<FileStream, Task<bool>> write)
    {
        var partial = NewPartial();
        try
        {
            await using (var file = CreatePartial(partial))
            {
                await write(file);
                file.Flush(flushToDisk: true);
            }
            return Land(partial, key, overwrite);
        }
        finally { File.Delete(partial); }
    }

    // Another process may take an empty folder away between making it and the rename, so it is made again once.
    private bool Land(string partial, string key, bool overwrite)
    {
        var path = PathOf(key);
        File.SetLastWriteTimeUtc(partial, _time.GetUtcNow().UtcDateTime);
        for (var again = true; ; again = false)
        {
            MakeFolder(Path.GetDirectoryName(path)!);
            try
            {
                if (!overwrite && File.Exists(path)) return false;
                File.Move(partial, path, overwrite);
                return true;
            }
            catch (DirectoryNotFoundException) when (again) { }
            catch (IOException) when (!overwrite && File.Exists(path)) { return false; }    // another writer was first
        }
    }

    private void Demand(long bytes)
    {
        if (FreeBytes - bytes < _options.MinimumFreeBytes) throw Full(null);
    }

    private FileStream OpenStored(string key)
    {
        try { return OpenLocal(PathOf(key)); }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ArtifactStoreException("storage.missing", transient: false, "The file is not in the store any more.", e);
        }
    }

    private static Stream Part(FileStream file, long offset, long? length)
    {
        file.Position = offset;
        return length is { } part ? new PartStream(file, part) : file;
    }

    private static StoredObject? Seen(FileInfo file, string key)
    {
        try { return new StoredObject(key, file.Length, file.LastWriteTimeUtc); }
        catch (FileNotFoundException) { return null; }      // removed since it was enumerated
    }

    private string NewPartial() => PathOf($"{Partial}/{Guid.CreateVersion7():N}");

    private static FileStream OpenLocal(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);

    private static FileStream CreatePartial(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.ReadWrite,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        BufferSize = 1,
        Options = FileOptions.Asynchronous,
    });

    private string PathOf(string key) => Path.Join(_root, key);

    private static void MakeFolder(string path) => Directory.CreateDirectory(path, OwnerOnly);

    private static ArtifactStoreException Corrupt() => new("storage.corrupt", transient: true, "The stored file is not what it was when it was kept.");

    private static ArtifactStoreException Full(Exception? e) => new("storage.full", transient: true, "The artifact store has too little free space.", e);

    private static async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        const int noSpace = 28, overQuota = 122; // ENOSPC, EDQUOT: errno(3)
        try { return await work(); }
        catch (IOException e) when ((e.HResult & 0xFFFF) is noSpace or overQuota) { throw Full(e); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArtifactStoreException("storage.unavailable", transient: true, "The artifact store could not be used.", e);
        }
    }
}
