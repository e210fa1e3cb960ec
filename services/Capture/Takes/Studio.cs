using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Platform.Browser;
using Platform.Egress;

namespace Platform.Capture.Takes;

/// <summary>A browser behind its own proxy, for one stage: started when first needed, gone with all it opened when disposed.</summary>
internal sealed class Studio(IBrowserLauncher launcher, GuardedConnector connector, ISiteSource? site, Visitor visitor, TimeSpan budget, DateTimeOffset? clock = null) : IAsyncDisposable
{
    private ChromiumBrowser? browser;
    private FilteringProxy? proxy;
    private int refusals;

    /// <summary>What the page asked for and did not get, because it is not at a public address.</summary>
    public int Refusals => refusals + (proxy?.Records.Count(record => record.Refusal is EgressCodes.AddressBlocked or EgressCodes.UrlNotAllowed) ?? 0);

    /// <summary>Opens a page as a device sees it. It is blank: time stands still.</summary>
    /// <param name="request">What the device is.</param>
    /// <param name="hide">Selectors to hide from the document's first moment on.</param>
    /// <param name="scale">Pixels per CSS pixel.</param>
    /// <param name="fps">Frames per second of the page's time.</param>
    /// <param name="cancellationToken">Ends the browser, too.</param>
    /// <exception cref="BrowserException">No browser, or no page.</exception>
    public async Task<VirtualTimePage> OpenAsync(PageRequest request, IEnumerable<string> hide, double scale, int fps, CancellationToken cancellationToken)
    {
        if (browser is not null && browser.Session.Scale != scale)
        {
            await CloseAsync();
        }

        browser ??= await LaunchAsync(request, scale, cancellationToken);
        return await browser.OpenPageAsync(
            new PageView
            {
                Width = request.ViewportWidth,
                Height = request.ViewportHeight,
                FramesPerSecond = fps,
                Clock = clock,
                Mobile = request.Mobile,
                Dark = request.Dark,
                Locale = request.Locale,
                Headers = visitor.Headers,
                HeaderOrigin = request.Url,
                Cookies = visitor.Cookies,
                DocumentStartScripts = [PageScripts.Eager, PageScripts.Hide(hide), .. visitor.Storage],
            },
            cancellationToken);
    }

    /// <summary>Why the proxy refused or lost the page's own host, as a code of <see cref="EgressCodes"/>; null when it did not.</summary>
    public string? RefusalOf(NavigationResult result)
    {
        if (result.Headers.TryGetValue(FilteringProxy.RefusalHeader.ToLowerInvariant(), out var code))
        {
            return code;
        }

        // Of a tunnel that was refused the browser tells no more than that.
        return result.Error is "net::ERR_TUNNEL_CONNECTION_FAILED" ? proxy?.Records.LastOrDefault(record => record is { Method: "CONNECT", Refusal: not null })?.Refusal : null;
    }

    public ValueTask DisposeAsync() => CloseAsync();

    private async ValueTask CloseAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
            browser = null;
        }

        if (proxy is not null)
        {
            refusals = Refusals;
            await proxy.DisposeAsync();
            proxy = null;
        }
    }

    private async Task<ChromiumBrowser> LaunchAsync(PageRequest request, double scale, CancellationToken cancellationToken)
    {
        // Where loopback is open to pages, the browser's own debugging port must not be.
        var port = connector.Options.AllowPrivate ? FreePort() : 0;
        proxy = await FilteringProxy.StartAsync(port == 0 ? connector : connector.Forbidding(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")), site);
        return await launcher.LaunchAsync(
            new BrowserSession
            {
                ProxyServer = proxy.Address,
                Scale = scale,
                DebuggingPort = port,
                Budget = budget,
                SecureOrigins = request.Url.Host.EndsWith(SiteAddress.Suffix, StringComparison.Ordinal) ? [request.Url.GetLeftPart(UriPartial.Authority)] : [],
            },
            cancellationToken);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
