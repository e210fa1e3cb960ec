using System.Runtime.CompilerServices;
using System.Text.Json;
using Platform.Egress;

namespace Platform.Browser;

internal sealed class HtmlLayer(IBrowserLauncher launcher) : IHtmlLayer
{
    private const string Host = "http://layer.site.invalid";

    private const string Head =
        "<!doctype html><html><head><meta charset=\"utf-8\"><style>html,body{margin:0;width:100%;height:100%;overflow:hidden;background:transparent}</style></head><body>";

    /// <summary>Frames; more than an empty page ever takes.</summary>
    private const int Prelude = 90;

    public async IAsyncEnumerable<byte[]?> DrawAsync(HtmlPage page, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var proxy = await FilteringProxy.StartAsync(NoNetwork.Connector(), new OwnFiles(page));
        await using var browser = await launcher.LaunchAsync(new BrowserSession { ProxyServer = proxy.Address, SecureOrigins = [Host] }, cancellationToken);
        using var film = await browser.OpenPageAsync(
            new PageView { Width = page.Width, Height = page.Height, FramesPerSecond = page.FramesPerSecond, Clock = DateTimeOffset.UnixEpoch }, cancellationToken);
        await film.MakeTransparentAsync(cancellationToken);
        await film.NavigateAsync(new Uri(Host + "/"), cancellationToken);
        await film.LoadAsync(TimeSpan.FromSeconds(1), cancellationToken);

        // However long the empty page took to come, the content's time begins at the same moment of the page's clock: a layer that is drawn in parts is the one drawn whole.
        await film.PassAsync(Math.Max(0, Prelude - film.Frames), TimePolicy.Advance, cancellationToken);
        await film.EvaluateAsync($"document.open(); document.write({JsonSerializer.Serialize(Head + page.Html + "</body></html>")}); document.close()", cancellationToken);
        await film.PassAsync(page.Skip, TimePolicy.WaitForNetwork, cancellationToken);
        for (var frame = 0; frame < page.Frames; frame++)
        {
            yield return frame == 0
                ? await film.RedrawAsync(FramePicture.Png, TimePolicy.Advance, cancellationToken)
                : await film.NextFrameAsync(FramePicture.Png, TimePolicy.WaitForNetwork, cancellationToken);
        }
    }

    private sealed class OwnFiles(HtmlPage page) : ISiteSource
    {
        public ValueTask<SiteFile?> OpenAsync(string site, string path, CancellationToken cancellationToken) => ValueTask.FromResult(
            path is "" or "index.html" ? new SiteFile(new MemoryStream("<!doctype html>"u8.ToArray()), "text/html; charset=utf-8")
            : page.Files.TryGetValue(path, out var file) ? new SiteFile(File.OpenRead(file), TypeOf(file))
            : null);

        private static string TypeOf(string file) => Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".css" => "text/css", ".js" => "text/javascript", ".json" => "application/json", ".svg" => "image/svg+xml", ".png" => "image/png",
            ".jpg" or ".jpeg" => "image/jpeg", ".webp" => "image/webp", ".gif" => "image/gif", ".woff2" => "font/woff2", ".woff" => "font/woff", ".ttf" => "font/ttf", ".otf" => "font/otf",
            _ => "application/octet-stream",
        };
    }
}
