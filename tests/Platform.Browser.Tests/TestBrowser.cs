using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Platform.Egress;

namespace Platform.Browser.Tests;

/// <summary>A browser behind a proxy that answers <c>http://test.site.invalid/</c> from <c>Pages/</c> and what a test adds.</summary>
internal sealed class TestBrowser : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private TestBrowser(ServiceProvider services, FilteringProxy proxy, ChromiumBrowser browser, string profiles) =>
        (this.services, Proxy, Browser, Profiles) = (services, proxy, browser, profiles);

    public FilteringProxy Proxy { get; }

    public ChromiumBrowser Browser { get; }

    /// <summary>The folder that the browser's profile lies in.</summary>
    public string Profiles { get; }

    public static async Task<TestBrowser> StartAsync(
        Dictionary<string, string>? pages = null, bool allowPrivate = false, TimeSpan? budget = null, TimeSpan? frameTimeout = null, double scale = 1, long memory = 3L << 30, CancellationToken cancellation = default)
    {
        var profiles = Directory.CreateTempSubdirectory("browser-tests-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(profiles, (UnixFileMode)0b111_101_101);
        }

        var settings = new Dictionary<string, string?>
        {
            ["Egress:AllowPrivate"] = allowPrivate.ToString(),
            ["Browser:ProfileRoot"] = profiles,
            ["Browser:MemoryBytes"] = memory.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Browser:StartTimeout"] = "00:05:00", // beside load a start takes long
            ["Browser:FrameTimeout"] = (frameTimeout ?? TimeSpan.FromSeconds(30)).ToString(),
        };
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddEgress().AddBrowser().BuildServiceProvider();
        var proxy = await FilteringProxy.StartAsync(services.GetRequiredService<GuardedConnector>(), new TestSite(pages ?? []));
        var session = new BrowserSession { ProxyServer = proxy.Address, SecureOrigins = ["http://test.site.invalid"], Scale = scale, Budget = budget ?? TimeSpan.FromMinutes(3) };
        var browser = await services.GetRequiredService<IBrowserLauncher>().LaunchAsync(session, cancellation);
        return new TestBrowser(services, proxy, browser, profiles);
    }

    public async Task<VirtualTimePage> OpenAsync(string page, PageView view, CancellationToken cancellation = default)
    {
        var opened = await Browser.OpenPageAsync(view, cancellation);
        var result = await opened.NavigateAsync(new Uri("http://test.site.invalid/" + page), cancellation);
        Assert.Equal(200, result.Status);
        Assert.True(await opened.LoadAsync(TimeSpan.FromSeconds(10), cancellation));
        return opened;
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        await Proxy.DisposeAsync();
        await services.DisposeAsync();
        Directory.Delete(Profiles, recursive: true);
    }

    private sealed class TestSite(Dictionary<string, string> pages) : ISiteSource
    {
        public ValueTask<SiteFile?> OpenAsync(string site, string path, CancellationToken cancellationToken)
        {
            var file = Path.Combine(AppContext.BaseDirectory, "Pages", path);
            Stream? content = pages.TryGetValue(path, out var text) ? new MemoryStream(Encoding.UTF8.GetBytes(text)) : File.Exists(file) ? File.OpenRead(file) : null;
            return ValueTask.FromResult(content is null ? null : new SiteFile(content, path.EndsWith(".mp4", StringComparison.Ordinal) ? "video/mp4" : "text/html; charset=utf-8"));
        }
    }
}
