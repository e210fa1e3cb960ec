using System.Diagnostics;
using System.Globalization;
using Platform.Contracts;

namespace Platform.Capture.Tests;

/// <summary>What of a page is in its film.</summary>
[Trait("Category", "Integration")]
public sealed class PageLookTests
{
    private static readonly FrameFormat Size = new(640, 360);

    // Blue, with walls of red: one by the name that its maker gives it, one that only looks like it, and a chat. Whatever is pressed turns everything green.
    private const string Walled = """
        <!doctype html><title>Walled</title><style>body{margin:0;background:#00f;height:100vh}.w{position:fixed;background:#f00;z-index:99}</style><h1 style="color:#fff;font-size:60px">Behind</h1>
        <div id=onetrust-consent-sdk class=w style="left:0;top:0;width:50%;height:100%"><button>Reject all</button></div>
        <div class=w style="right:0;top:0;width:50%;height:100%">We use cookies and similar. <button>Accept all</button></div><iframe id=launcher class=w style="right:0;bottom:0"></iframe>
        <script>for(const t of['click','mousedown','pointerdown','keydown'])addEventListener(t,()=>document.body.style.background='#0f0',true)</script>
        """;

    [Fact]
    public async Task Walls_and_chats_are_gone_and_nothing_was_pressed()
    {
        await using var host = await CaptureHost.StartAsync();
        var site = await host.UploadPageAsync(Walled);
        var parameters = new CaptureParameters { Url = site.Url, Format = Size, Duration = 3, Fps = 24, Mode = CaptureMode.Still };

        var (red, green, blue) = await ColourAsync(host, await host.CaptureAsync(parameters, site.Index), first: false);
        Assert.True(blue > 180 && red < 60 && green < 60, $"{red} {green} {blue}");

        (red, green, blue) = await ColourAsync(host, await host.CaptureAsync(parameters with { Cleanup = false }, site.Index), first: false);
        Assert.True(red > 180 && green < 60 && blue < 60, $"{red} {green} {blue}");
    }

    [Theory]
    [InlineData(CaptureDevice.Desktop, false, null, "light en-US mouse", 1)]
    [InlineData(CaptureDevice.Phone, true, "fr-FR", "dark fr-FR touch", 2)]
    public async Task A_page_sees_the_device_that_was_asked_for(CaptureDevice device, bool dark, string? locale, string seen, double scale)
    {
        await using var host = await CaptureHost.StartAsync();
        var site = await host.UploadPageAsync("""
            <!doctype html><meta name=viewport content="width=device-width"><h1>Device</h1>
            <script>document.title = [matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light', navigator.language, 'ontouchstart' in window ? 'touch' : 'mouse'].join(' ')</script>
            """);

        var done = await host.CaptureAsync(new CaptureParameters { Url = site.Url, Format = Size, Duration = 3, Fps = 24, Mode = CaptureMode.Still, Device = device, Dark = dark, Locale = locale, Scale = scale }, site.Index);

        var timeline = await ScriptTests.TimelineAsync(await host.FileAsync(done.Outputs["take"].Artifacts[0], "take.mkv"));
        Assert.Equal(seen, timeline.Title);
        Assert.True(timeline.DeviceScale >= scale);
        Assert.Equal(timeline.FrameWidth, (int)Math.Ceiling(timeline.ViewportWidth * timeline.DeviceScale));
    }

    [Fact]
    public async Task What_loads_only_when_it_is_scrolled_to_is_there_when_the_film_comes_to_it()
    {
        await using var host = await CaptureHost.StartAsync();
        var site = await host.UploadAsync(new Dictionary<string, string>
        {
            ["index.html"] = """
                <!doctype html><title>Lazy</title><body style="margin:0;background:#fff"><h1>Lazy</h1><div style="height:2000px"></div><img loading=lazy src=red.svg style="display:block;width:100%;height:180px">
                <div id=more style="height:180px"></div><script>new IntersectionObserver(([e], o) => { if (e.isIntersecting) more.style.background = '#f00' }).observe(more)</script>
                """,
            ["red.svg"] = "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10' preserveAspectRatio='none'><rect width='10' height='10' fill='red'/></svg>",
        });

        var done = await host.CaptureAsync(new CaptureParameters { Url = site.Url, Format = Size, Duration = 3, Fps = 24, Mode = CaptureMode.Scroll }, site.Index);

        var (_, above, _) = await ColourAsync(host, done, first: true);
        var (red, green, blue) = await ColourAsync(host, done, first: false);
        Assert.True(above > 220, $"{above}");
        Assert.True(red > 180 && green < 170 && blue < 170, $"{red} {green} {blue}");
    }

    // The mean colour of a take's first or last frame.
    private static async Task<(int Red, int Green, int Blue)> ColourAsync(CaptureHost host, StageCompleted done, bool first)
    {
        var take = await host.FileAsync(done.Outputs["take"].Artifacts[0], "take.mkv");
        var last = (done.Outputs["take"].Artifacts[0].Media!.Duration!.Value - 0.1).ToString(CultureInfo.InvariantCulture);
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-ss", first ? "0" : last, "-i", take, "-frames:v", "1", "-vf", "scale=1:1:flags=area", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"]) { RedirectStandardOutput = true })!;
        var pixel = new byte[3];
        await ffmpeg.StandardOutput.BaseStream.ReadExactlyAsync(pixel);
        await ffmpeg.WaitForExitAsync();
        return (pixel[0], pixel[1], pixel[2]);
    }
}
