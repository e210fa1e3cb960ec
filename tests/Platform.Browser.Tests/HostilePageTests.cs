using System.Globalization;

namespace Platform.Browser.Tests;

[Trait("Category", "Integration")]
public sealed class HostilePageTests
{
    private static readonly PageView Small = new() { Width = 640, Height = 360 };

    [Fact]
    public async Task Nothing_reaches_loopback_past_the_proxy()
    {
        using var canary = new Canary();
        var (port, page) = (canary.Port, "");
        foreach (var host in (string[])["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "127.1", "2130706433"])
        {
            page += $"<img src='http://{host}:{port}/i'><iframe src='http://{host}:{port}/f'></iframe>"
                + $"<script>fetch('http://{host}:{port}/x', {{mode:'no-cors'}}).catch(()=>0); try {{ new WebSocket('ws://{host}:{port}/w') }} catch {{}}"
                + $"; navigator.sendBeacon('http://{host}:{port}/b'); new EventSource('http://{host}:{port}/e')</script>";
        }

        await using var browser = await TestBrowser.StartAsync(new() { ["a.html"] = $"<link rel=preconnect href='http://127.0.0.1:{port}'><h1>still here</h1>{page}" });
        using var opened = await browser.OpenAsync("a.html", Small);
        await opened.PassAsync(60, TimePolicy.Advance, default);

        Assert.Equal("still here", (await opened.EvaluateAsync("document.querySelector('h1').innerText", default)).GetString());
        Assert.Equal(0, canary.Contacts);
        Assert.Contains(browser.Proxy.Records, record => record.Refusal is not null);
    }

    [Fact]
    public async Task No_frame_has_a_way_past_the_proxy()
    {
        await using var browser = await TestBrowser.StartAsync(new()
        {
            ["a.html"] = "<iframe srcdoc='<p>hi'></iframe><iframe src='b.html'></iframe><script>"
                + "const f = document.createElement('iframe'); document.documentElement.append(f);"
                + "window.early = [typeof RTCPeerConnection, typeof f.contentWindow.RTCPeerConnection, typeof f.contentWindow.webkitRTCPeerConnection, typeof f.contentWindow.WebTransport].join()</script>",
            ["b.html"] = "<p>inner",
        });
        using var page = await browser.OpenAsync("a.html", Small);
        var found = page.Page.EvaluateAsync<string>("() => early + ' ' + [0, 1, 2].map(i => typeof window[i].RTCPeerConnection).join()");
        await page.PumpAsync(found, TimePolicy.Advance, default);

        Assert.Equal("undefined,undefined,undefined,undefined undefined,undefined,undefined", await found);
    }

    [Fact]
    public async Task Files_and_inner_pages_are_not_shown()
    {
        await using var browser = await TestBrowser.StartAsync(new()
        {
            ["a.html"] = "<iframe src='file:///etc/hostname'></iframe><iframe src='chrome://version'></iframe>"
                + "<script>fetch('file:///etc/hostname').then(() => document.title = 'read'); setTimeout(() => { try { location = 'file:///etc/passwd' } catch {} try { location = 'chrome://version' } catch {} }, 50)</script>",
        });
        using var page = await browser.OpenAsync("a.html", Small);
        await page.PassAsync(30, TimePolicy.Advance, default);

        Assert.Equal("http://test.site.invalid/a.html", page.Page.Url);
        Assert.Equal("", page.Page.Url.StartsWith("http", StringComparison.Ordinal) ? (await page.EvaluateAsync("document.title", default)).GetString() : page.Page.Url);
        Assert.DoesNotContain(page.Page.Frames, frame => frame.Url.StartsWith("file:", StringComparison.Ordinal) || frame.Url.StartsWith("chrome:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Windows_dialogs_and_downloads_come_to_nothing()
    {
        await using var browser = await TestBrowser.StartAsync(new()
        {
            ["a.html"] = "<a id=l target=_blank href=/b.html>x</a><a id=d download=a.bin href='data:application/octet-stream,aaaa'>y</a><script>"
                + "for (let i = 0; i < 100; i++) { window.open('/b.html'); alert(i); confirm(i) } onbeforeunload = () => 'stay'; print(); l.click(); d.click();"
                + "navigator.geolocation.getCurrentPosition(() => document.title = 'told', e => document.title = 'denied ' + e.code)</script>",
            ["b.html"] = "<p>popup",
        });
        using var page = await browser.OpenAsync("a.html", Small);
        await page.PassAsync(30, TimePolicy.Advance, default);

        Assert.Single(page.Page.Context.Pages, open => open.Url != "about:blank");
        Assert.Equal("denied 1", (await page.EvaluateAsync("document.title", default)).GetString());
        Assert.Empty(Directory.EnumerateFiles(browser.Profiles, "*.bin", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_page_gets_no_more_memory_than_it_may_have()
    {
        const long limit = 600L << 20;
        await using var browser = await TestBrowser.StartAsync(
            new() { ["a.html"] = "<script>const a = []; setInterval(() => { for (let i = 0; i < 20; i++) a.push(new Uint8Array(50e6).fill(1)) }, 1)</script>" }, memory: limit);
        try
        {
            using var page = await browser.OpenAsync("a.html", Small);
            await page.PassAsync(100, TimePolicy.Advance, default);
        }
        catch (BrowserException e)
        {
            Assert.True(e.Fault is BrowserFault.OutOfMemory or BrowserFault.PageCrashed, e.ToString());
        }

        Assert.InRange(OwnMemory(browser.Profiles), 0, limit * 3 / 2);
    }

    // What belongs to a process alone, summed over the browser of that profile and all that descends from it.
    private static long OwnMemory(string profiles) => Directory.EnumerateDirectories("/proc")
        .Select(folder => Path.GetFileName(folder)!)
        .Where(id => int.TryParse(id, out _) && Read($"/proc/{id}", "cmdline").Contains(profiles, StringComparison.Ordinal))
        .SelectMany(Descendants).Distinct()
        .Sum(id => Read($"/proc/{id}", "status").Split('\n').Where(line => line.StartsWith("RssAnon:", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024));

    private static IEnumerable<string> Descendants(string id) =>
        [id, .. Directory.EnumerateDirectories($"/proc/{id}/task").SelectMany(thread => Read(thread, "children").Split(' ', StringSplitOptions.RemoveEmptyEntries)).SelectMany(Descendants)];

    private static string Read(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (IOException)
        {
            return ""; // it ended meanwhile
        }
    }
}
