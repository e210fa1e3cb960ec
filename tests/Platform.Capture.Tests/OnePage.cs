using System.Text;
using Platform.Egress;

namespace Platform.Capture.Tests;

/// <summary>A site of one page, at its root and at /login.</summary>
internal sealed class OnePage(string html) : ISiteSource
{
    public ValueTask<SiteFile?> OpenAsync(string site, string path, CancellationToken cancellationToken) =>
        ValueTask.FromResult(path is "index.html" or "login" ? new SiteFile(new MemoryStream(Encoding.UTF8.GetBytes(html)), "text/html; charset=utf-8") : null);
}
