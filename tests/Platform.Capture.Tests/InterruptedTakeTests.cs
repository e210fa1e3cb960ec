using System.Diagnostics;
using Platform.Contracts;

namespace Platform.Capture.Tests;

[Trait("Category", "Integration")]
public sealed class InterruptedTakeTests
{
    private const string Page = "<body style='margin:0;height:3000px;background:linear-gradient(red,blue)'><h1 style='font-size:90px;animation:a 1s infinite'>Moving</h1>"
        + "<style>@keyframes a{to{transform:translateX(300px)}}</style>";

    [Fact]
    public async Task A_cancelled_take_leaves_no_process_profile_or_workspace()
    {
        await using var host = await CaptureHost.StartAsync();
        var job = await FilmingAsync(host);
        var browsers = Children.Of(host);
        Assert.NotEmpty(browsers);
        Assert.NotEmpty(Directory.EnumerateDirectories(host.Profiles));

        var clock = Stopwatch.StartNew();
        await host.CancelAsync(job);
        await Until(() => Children.Of(host).Count == 0 && !browsers.Any(browser => Directory.Exists($"/proc/{browser.Id}")));
        await Until(() => !Directory.EnumerateFileSystemEntries(host.Profiles).Any() && !Directory.EnumerateFileSystemEntries(host.WorkFolder).Any());
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Every_process_of_the_browser_is_sandboxed_and_nobody_special()
    {
        await using var host = await CaptureHost.StartAsync();
        var job = await FilmingAsync(host);
        var browsers = Children.Of(host);

        Assert.DoesNotContain(browsers, browser => browser.CommandLine.Contains("--no-sandbox", StringComparison.Ordinal));
        Assert.All(browsers, browser => Assert.DoesNotMatch("^0\t", Children.StatusOf(browser.Id, "Uid")));
        var renderers = browsers.Where(browser => browser.CommandLine.Contains("--type=renderer", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(renderers);
        Assert.All(renderers, renderer => Assert.Equal("2", Children.StatusOf(renderer.Id, "Seccomp")));
        await host.CancelAsync(job);
        await Until(() => Children.Of(host).Count == 0);
    }

    [Theory]
    [InlineData("--type=renderer", "capture.page_crashed")]
    [InlineData("--user-data-dir", "capture.browser_crashed")]
    public async Task A_killed_process_is_told_with_the_last_frame(string which, string code)
    {
        await using var host = await CaptureHost.StartAsync();
        var job = await FilmingAsync(host);
        foreach (var victim in Children.Of(host).Where(child => child.CommandLine.Contains(which, StringComparison.Ordinal)))
        {
            Process.GetProcessById(victim.Id).Kill();
        }

        var failure = Assert.IsType<StageFailed>(await host.AnswerAsync(job)).Failure;
        Assert.Equal((code, FailureKind.Transient), (failure.Code, failure.Kind));
        Assert.Equal("image/jpeg", failure.Evidence["screenshot"].ContentType);
        await Until(() => Children.Of(host).Count == 0);
    }

    private static async Task<Guid> FilmingAsync(CaptureHost host)
    {
        var (url, index) = await host.UploadPageAsync(Page);
        var job = await host.SendAsync(new CaptureParameters { Url = url, Duration = 300, Format = new FrameFormat(640, 360) }, index);
        await host.ProgressAsync(job, "filming");
        return job;
    }

    private static async Task Until(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!holds())
        {
            await Task.Delay(50, limit.Token);
        }
    }
}
