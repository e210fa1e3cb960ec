using Platform.Artifacts;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Stages;
using Platform.Templates;

namespace Platform.Render.Films;

/// <summary>Brings a film's files into the workspace and looks at them.</summary>
internal sealed class AssetFiles(IMediaProbe probe)
{
    /// <param name="uses">What is needed.</param>
    /// <param name="inputs">What was handed over, by the value that names it.</param>
    /// <param name="fetch">Copies a file here, and gives its path.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StageException">A file is not there or cannot be read: track, clip and property are named.</exception>
    public async Task<IReadOnlyDictionary<string, Asset>> FetchAsync(IEnumerable<MediaUse> uses, IReadOnlyDictionary<string, Artifact> inputs, Func<Artifact, Task<string>> fetch, CancellationToken cancellationToken)
    {
        var assets = new Dictionary<string, Asset>();
        foreach (var use in uses)
        {
            if (!inputs.TryGetValue(use.Media.Text, out var artifact))
                throw new StageException("render.missing_asset", FailureKind.Permanent, $"{use.Place}: the file \"{use.Media.Text}\" is not there.");
            var path = await fetch(artifact);
            assets[use.Media.Text] = new Asset(path, use.IsFont ? new MediaInfo("font", null, artifact.Bytes, [], []) : await LookAsync(path, use.Place, cancellationToken));
        }
        return assets;
    }

    /// <summary>What a probe found, as contracts have it.</summary>
    private async Task<MediaInfo> LookAsync(string path, string place, CancellationToken cancellationToken)
    {
        try { return await probe.ProbeAsync(path, cancellationToken); }
        catch (MediaException e) { throw e.ToStage(place); }
    }
}

/// <summary>Brings the files of a template that is only looked at into a folder.</summary>
internal sealed class StoredFiles(AssetFiles files, IArtifactStore store)
{
    /// <exception cref="StageException">A file is not there or cannot be read: track, clip and property are named.</exception>
    public Task<IReadOnlyDictionary<string, Asset>> FetchAsync(Template template, string tenant, IReadOnlyDictionary<string, Artifact> inputs, string folder, CancellationToken cancellationToken) =>
        files.FetchAsync(MediaUse.Of(template), inputs, async artifact =>
        {
            var path = Path.Combine(folder, $"in-{artifact.Sha256}");
            if (!File.Exists(path)) await store.FetchAsync(tenant, artifact, path, cancellationToken);
            return path;
        }, cancellationToken);
}
