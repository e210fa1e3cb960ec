using System.Text.Json;
using Platform.Contracts;

namespace Platform.Artifacts;

/// <summary>Writes a caller's local file whole or not at all.</summary>
internal static class Local
{
    public static async Task WriteAsync(string path, Func<FileStream, Task> write)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
            await write(file);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }
}

internal static class Manifests
{
    /// <summary>Whether every file that a manifest names is there.</summary>
    public static async Task<bool> HasAllAsync(this IArtifactStore store, string tenant, StageManifest manifest, CancellationToken cancellation)
    {
        foreach (var artifact in manifest.Outputs.Values.SelectMany(output => output.Artifacts))
        {
            if (!await store.ExistsAsync(tenant, artifact.Sha256, cancellation)) return false;
        }
        return true;
    }
}

/// <summary>How a manifest is written: as contracts are, and read by older and newer versions of us.</summary>
internal static class ManifestJson
{
    public static JsonSerializerOptions Options => ContractJson.Stored;
}
