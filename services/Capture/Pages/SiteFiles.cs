using System.Collections.Concurrent;
using Microsoft.AspNetCore.StaticFiles;
using Platform.Contracts;
using Platform.Egress;
using Platform.Stages;

namespace Platform.Capture.Pages;

/// <summary>An uploaded static site, served to the browser out of the artifact store: each file is fetched once, when it is first asked for.</summary>
internal sealed class SiteFiles(string site, SiteIndex index, StageWork work) : ISiteSource
{
    private static readonly FileExtensionContentTypeProvider Types = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> fetched = new(StringComparer.Ordinal);

    public async ValueTask<SiteFile?> OpenAsync(string host, string path, CancellationToken cancellationToken)
    {
        if (host != site || !index.Files.TryGetValue(path, out var artifact))
        {
            return null;
        }

        // Not with the request's token: another request may wait for the same file.
        var local = await fetched.GetOrAdd(artifact.Sha256, _ => new(() => work.FetchAsync(artifact, CancellationToken.None))).Value.WaitAsync(cancellationToken);
        return new SiteFile(File.OpenRead(local), TypeOf(path, artifact));
    }

    // The name decides, as on any web server: a store cannot tell a style sheet from another text.
    private static string TypeOf(string path, Artifact artifact)
    {
        var type = Types.TryGetContentType(path, out var known) ? known : artifact.ContentType;
        return type.StartsWith("text/", StringComparison.Ordinal) || type is "application/javascript" or "application/json" ? type + "; charset=utf-8" : type;
    }
}
