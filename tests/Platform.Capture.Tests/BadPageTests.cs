using System.Diagnostics;
using Platform.Contracts;

namespace Platform.Capture.Tests;

[Trait("Category", "Integration")]
public sealed class BadPageTests
{
    [Theory]
    [InlineData("/forbidden", "capture.http_error", FailureKind.Permanent)]
    [InlineData("/broken", "capture.http_error", FailureKind.Transient)]
    [InlineData("/challenge", "capture.blocked", FailureKind.Permanent)]
    [InlineData("/captcha", "capture.blocked", FailureKind.Permanent)]
    [InlineData("/auth", "capture.blocked", FailureKind.Permanent)]
    [InlineData("/members", "capture.blocked", FailureKind.Permanent)]
    [InlineData("/blank", "capture.blank", FailureKind.Permanent)]
    [InlineData("/reload", "capture.navigation_loop", FailureKind.Permanent)]
    public async Task Tells_why_a_page_is_not_filmed_and_shows_it(string path, string code, FailureKind kind)
    {
        await using var site = await BadSite.StartAsync();
        await using var host = await CaptureHost.StartAsync();
        var failure = await host.FailAsync(new CaptureParameters { Url = site.Url(path), Duration = 3 });

        Assert.Equal((code, kind), (failure.Code, failure.Kind));
        Assert.Equal("image/png", failure.Evidence["screenshot"].ContentType);
        Assert.Equal("text/plain", failure.Evidence["document"].ContentType);
        Assert.StartsWith("<html", await File.ReadAllTextAsync(await host.FileAsync(failure.Evidence["document"], "document.txt")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/circle", "capture.navigation_loop")]
    [InlineData("/file", "capture.download_not_allowed")]
    [InlineData("/inner", "capture.address_blocked")]
    public async Task Tells_why_there_is_no_page(string path, string code)
    {
        await using var site = await BadSite.StartAsync();
        await using var host = await CaptureHost.StartAsync();

        Assert.Equal(code, (await host.FailAsync(new CaptureParameters { Url = site.Url(path), Duration = 3 })).Code);
    }

    [Fact]
    public async Task Tells_a_certificate_a_name_and_a_port_that_are_not_right()
    {
        await using var site = await BadSite.StartAsync();
        await using var host = await CaptureHost.StartAsync();

        Assert.Equal("capture.certificate_invalid", (await host.FailAsync(new CaptureParameters { Url = site.SecureUrl("/good") })).Code);
        Assert.Equal(("capture.unreachable", FailureKind.Transient), await OfAsync("http://nobody-has-this-name-9f3a.com/"));
        Assert.Equal(("capture.unreachable", FailureKind.Transient), await OfAsync(BadSite.NobodysUrl()));

        async Task<(string, FailureKind)> OfAsync(string url)
        {
            var failure = await host.FailAsync(new CaptureParameters { Url = url });
            return (failure.Code, failure.Kind);
        }
    }

    [Fact]
    public async Task Ends_a_page_whose_script_never_does()
    {
        await using var site = await BadSite.StartAsync();
        await using var host = await CaptureHost.StartAsync(new() { ["Browser:FrameTimeout"] = "00:00:05" });
        var clock = Stopwatch.StartNew();

        Assert.Equal("capture.timeout", (await host.FailAsync(new CaptureParameters { Url = site.Url("/endless"), Duration = 3 })).Code);
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60));
        Assert.Empty(Children.Of(host));
    }

    [Theory, InlineData("/poll"), InlineData("/good")]
    public async Task Films_a_page_that_only_looks_bad(string path)
    {
        await using var site = await BadSite.StartAsync();
        await using var host = await CaptureHost.StartAsync();
        var done = await host.CaptureAsync(new CaptureParameters { Url = site.Url(path), Duration = 3, Format = new FrameFormat(640, 360) });

        Assert.Equal((640, 360), (done.Outputs["video"].Artifacts[0].Media!.Width, done.Outputs["video"].Artifacts[0].Media!.Height));
    }
}
