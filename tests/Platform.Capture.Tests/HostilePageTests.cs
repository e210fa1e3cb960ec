using System.Diagnostics;
using Platform.Contracts;

namespace Platform.Capture.Tests;

/// <summary>Pages that mean harm, through the whole stage: what they reach, what they leave, how long they hold us.</summary>
[Trait("Category", "Integration")]
public sealed class HostilePageTests
{
    private static readonly FrameFormat Small = new(640, 360);

    [Fact]
    public async Task A_page_that_tries_every_way_out_is_filmed_and_reaches_nothing()
    {
        using var canary = new Canary();
        await using var host = await CaptureHost.StartAsync(new() { ["Egress:AllowPrivate"] = "false" });
        var (url, index) = await host.UploadAsync(new Dictionary<string, string>
        {
            ["index.html"] = $"<title>{new string('t', 1 << 20)}\n\u001b[31mforged</title><body style='margin:0;background:#123;color:#fff;font:60px sans-serif'><h1>Still a page</h1><p>Words.</p>{Ways(canary)}",
            ["worker.js"] = $"onfetch = e => e.respondWith(fetch('http://127.0.0.1:{canary.Port}/sw')); oninstall = () => fetch('http://127.0.0.1:{canary.Port}/swi')",
        });

        var done = await host.CaptureAsync(new CaptureParameters { Url = url, Duration = 3, Format = Small }, index);

        Assert.Equal(3.0, done.Outputs["video"].Artifacts[0].Media!.Duration!.Value, 0.05);
        Assert.Equal(0, canary.Contacts);
        AssertNothingLeft(host);
    }

    [Theory]
    [InlineData("<h1>Busy</h1><script>for (let i = 0; i < 50; i++) new Worker(URL.createObjectURL(new Blob(['while (true);'])))</script>")]
    [InlineData("<h1>Huge</h1><script>const a = []; setInterval(() => { for (let i = 0; i < 40; i++) a.push(new Uint8Array(100e6).fill(1)) }, 1)</script>")]
    [InlineData("<h1>Wide</h1><script>for (let i = 0; i < 8; i++) { const c = document.createElement('canvas'); c.width = c.height = 32767; c.getContext('2d').fillRect(0, 0, 9, 9); document.body.append(c) }</script>")]
    [InlineData("<h1>Deep</h1><script>for (let i = 0; i < 1e6; i++) document.body.append(document.createElement('i'))</script>")]
    public async Task A_page_that_eats_the_machine_ends_within_its_budget(string page)
    {
        var budget = TimeSpan.FromSeconds(15);
        await using var host = await CaptureHost.StartAsync(new()
        {
            ["Egress:AllowPrivate"] = "false",
            ["Capture:BrowserBudget"] = budget.ToString(),
            ["Browser:FrameTimeout"] = "00:00:05",
            ["Browser:MemoryBytes"] = (1L << 30).ToString(System.Globalization.CultureInfo.InvariantCulture),
        });
        var (url, index) = await host.UploadPageAsync(page);
        var clock = Stopwatch.StartNew();

        var answer = await host.AnswerAsync(await host.SendAsync(new CaptureParameters { Url = url, Duration = 3, Format = Small }, index));

        // Where a page is bearable, it is filmed; where not, it is told in time.
        if (answer is StageFailed failed)
        {
            Assert.Contains(failed.Failure.Code, (string[])["capture.timeout", "capture.page_crashed"]);
        }

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, budget + TimeSpan.FromSeconds(60)); // the encode of a film that is made comes on top
        AssertNothingLeft(host);
    }

    private static string Ways(Canary canary)
    {
        var hosts = (string[])["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "169.254.169.254", "10.0.0.1"];
        return string.Concat(hosts.Select(host => $"<img src='http://{host}:{canary.Port}/i'><iframe src='http://{host}:{canary.Port}/f'></iframe>"
                + $"<script>fetch('http://{host}:{canary.Port}/x', {{mode:'no-cors'}}).catch(() => 0); try {{ new WebSocket('ws://{host}:{canary.Port}/w') }} catch {{}} navigator.sendBeacon('http://{host}:{canary.Port}/b')</script>"))
            + "<iframe src='file:///etc/hostname'></iframe><iframe src='chrome://version'></iframe><a id=l target=_blank href=/>x</a><a id=d download=a.bin href='data:application/octet-stream,aaaa'>y</a>"
            + "<script>for (let i = 0; i < 100; i++) { window.open('/'); alert(i) } print(); onbeforeunload = () => 'stay'; l.click(); d.click();"
            + "navigator.geolocation.getCurrentPosition(() => 0, () => 0); window.Notification && Notification.requestPermission(); navigator.mediaDevices?.getUserMedia({ video: true }).catch(() => 0);"
            + "navigator.serviceWorker?.register('/worker.js').catch(() => 0); console.log('x'.repeat(1 << 20) + '\\n\\u001b[31mforged');"
            + $"try {{ const p = new RTCPeerConnection({{ iceServers: [{{ urls: 'stun:127.0.0.1:{canary.Port}' }}] }}); p.createDataChannel('a'); p.createOffer().then(o => p.setLocalDescription(o)) }} catch {{}}"
            + "setTimeout(() => { try { location = 'file:///etc/passwd' } catch {} try { location = 'view-source:file:///etc/passwd' } catch {} }, 50)</script>";
    }

    private static void AssertNothingLeft(CaptureHost host)
    {
        Assert.Empty(Children.Of(host));
        Assert.Empty(Directory.EnumerateFileSystemEntries(host.Profiles));
        Assert.Empty(Directory.EnumerateFileSystemEntries(host.WorkFolder));
    }
}
