using System.Text.Json;
using Platform.Artifacts;
using Platform.Contracts;

namespace Platform.Stages;

/// <summary>A file that a stage made, in its workspace.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="ContentType">Media type by what it is.</param>
/// <param name="Media">What a probe found, or null for a file that is no media.</param>
public sealed record OutputFile(string Path, string ContentType, MediaFacts? Media = null)
{
    /// <inheritdoc cref="Artifact.Name"/>
    public string? Name { get; init; }
}

/// <summary>What a stage made.</summary>
public sealed record StageResult
{
    /// <summary>Files by output name.</summary>
    public required IReadOnlyDictionary<string, OutputFile> Files { get; init; }

    /// <summary>Lists of files by output name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<OutputFile>> Lists { get; init; } = new Dictionary<string, IReadOnlyList<OutputFile>>();

    /// <summary>Outputs that are in the store already, by name.</summary>
    public IReadOnlyDictionary<string, StageOutput> Kept { get; init; } = new Dictionary<string, StageOutput>();

    /// <summary>Measured facts by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Facts { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Several stages instead of files; then nothing is kept.</summary>
    public StageExpansion? Expansion { get; init; }
}

/// <summary>Stages that one stage turns into. Whoever waits for it may wait under another name than the one that asked first, so names are made when it is answered.</summary>
/// <param name="Parts">Parameters with their type by part's name, made for the name of the stage: one part refers to another by <c>@STAGE~PART</c>.</param>
/// <param name="Result">The part that stands for the whole.</param>
public sealed record StageExpansion(Func<string, IReadOnlyDictionary<string, JsonElement>> Parts, string Result)
{
    internal IReadOnlyDictionary<string, JsonElement> StagesOf(string stage) => Parts(stage).ToDictionary(part => $"{stage}~{part.Key}", part => part.Value);
}

/// <summary>What a stage works with: a folder of its own, its inputs, a way to say how far it is.</summary>
public sealed class StageWork
{
    private readonly IArtifactStore _store;
    private readonly List<StageWarning> _warnings = [];
    private readonly Action<double, string?> _report;

    internal StageWork(StageRun run, string folder, IArtifactStore store, Action<double, string?> report) =>
        (Run, Folder, _store, _report) = (run, folder, store, report);

    /// <summary>Which attempt at what. Of a joined run: the first that asked.</summary>
    public StageRun Run { get; }

    /// <summary>An empty folder of mode 0700, deleted at the end whatever happens.</summary>
    public string Folder { get; }

    internal IReadOnlyList<StageWarning> Warnings => _warnings;

    /// <summary>A path in the workspace.</summary>
    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Copies an input into the workspace and gives its path.</summary>
    /// <exception cref="ArtifactStoreException">The store does not have it.</exception>
    public async Task<string> FetchAsync(Artifact artifact, CancellationToken cancellation)
    {
        var path = PathOf($"in-{artifact.Sha256}");
        if (!File.Exists(path)) await _store.FetchAsync(Run.Tenant, artifact, path, cancellation);
        return path;
    }

    /// <summary>Fetches the file that a parameter names into the workspace and gives its path.</summary>
    /// <param name="inputs">The files that came with the command, by the names that parameters have for them.</param>
    /// <param name="media">The parameter.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="StageException"><c>stage.missing_input</c>: it did not come.</exception>
    public Task<string> FetchAsync(IReadOnlyDictionary<string, Artifact> inputs, Media media, CancellationToken cancellation) => inputs.TryGetValue(media.Text, out var artifact)
        ? FetchAsync(artifact, cancellation)
        : throw new StageException("stage.missing_input", FailureKind.Permanent, $"The file of \"{media.Text}\" was not handed over.");

    /// <summary>Says how far the stage is. Cheap: call it as often as is handy.</summary>
    /// <param name="progress">Share done, 0 to 1; never goes back.</param>
    /// <param name="activity">What is being done, a few words.</param>
    public void Report(double progress, string? activity = null) => _report(progress, activity);

    /// <summary>Adds a warning to the result.</summary>
    public void Warn(string code, string detail) => _warnings.Add(new StageWarning(code, detail));

    /// <summary>Outputs of a part of this stage's work that was kept under a fingerprint of its own (a take, for one), or null.</summary>
    public async Task<StageManifest?> FindPartAsync(string fingerprint, CancellationToken cancellation) =>
        await _store.FindManifestAsync(Run.Tenant, fingerprint, cancellation) is { } manifest && await _store.RenewAsync(Run.Tenant, manifest, cancellation) ? manifest : null;

    /// <summary>Keeps a part of this stage's work under a fingerprint of its own, so that other stages need not do it again.</summary>
    /// <param name="fingerprint">64 hex digits: what the part depends on.</param>
    /// <param name="engineVersion">Version of what makes it.</param>
    /// <param name="files">Its files by output name.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<StageManifest> KeepPartAsync(string fingerprint, int engineVersion, IReadOnlyDictionary<string, OutputFile> files, CancellationToken cancellation) =>
        await _store.KeepManifestAsync(Run.Tenant, new StageManifest
        {
            Fingerprint = fingerprint,
            StageType = Run.StageType,
            EngineVersion = engineVersion,
            CompletedAt = DateTimeOffset.UtcNow,
            Outputs = await _store.KeepAsync(Run.Tenant, files, cancellation),
        }, cancellation);
}

/// <summary>A stage cannot make its outputs, and says why.</summary>
public sealed class StageException(StageFailure failure, Exception? inner = null) : Exception(failure.Detail, inner)
{
    /// <summary>A failure by its parts.</summary>
    public StageException(string code, FailureKind kind, string detail, Exception? inner = null) : this(new StageFailure(code, kind, detail), inner) { }

    public StageFailure Failure { get; } = failure;

    /// <summary>Files that show what went wrong, by name, such as <c>screenshot</c>: kept in the store with the failure.</summary>
    public IReadOnlyDictionary<string, OutputFile> Evidence { get; init; } = new Dictionary<string, OutputFile>();
}

internal static class ArtifactStoreExtensions
{
    /// <summary>Renews every file that a manifest names. False when one is gone: then the manifest counts for nothing.</summary>
    public static async Task<bool> RenewAsync(this IArtifactStore store, string tenant, StageManifest manifest, CancellationToken cancellation)
    {
        foreach (var artifact in manifest.Outputs.Values.SelectMany(output => output.Artifacts))
            if (!await store.TouchAsync(tenant, artifact.Sha256, cancellation)) return false;
        return true;
    }

    /// <summary>Takes files in.</summary>
    public static async Task<Dictionary<string, StageOutput>> KeepAsync(this IArtifactStore store, string tenant, IReadOnlyDictionary<string, OutputFile> files, CancellationToken cancellation)
    {
        var outputs = new Dictionary<string, StageOutput>();
        foreach (var (name, file) in files)
            outputs[name] = new StageOutput { Artifacts = [await store.KeepAsync(tenant, file, cancellation)] };
        return outputs;
    }

    /// <summary>Takes a file in.</summary>
    public static async Task<Artifact> KeepAsync(this IArtifactStore store, string tenant, OutputFile file, CancellationToken cancellation) =>
        await store.PutAsync(tenant, file.Path, file.ContentType, file.Media, cancellation) with { Name = file.Name };
}
