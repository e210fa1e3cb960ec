using System.Diagnostics;

namespace Platform.Browser.Tests;

/// <summary>Alone, for it ends every driver that this process has started.</summary>
[Collection(nameof(Alone)), Trait("Category", "Integration")]
public sealed class DriverTests
{
    private static readonly PageView Small = new() { Width = 640, Height = 360 };

    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;

    [Fact]
    public async Task A_driver_that_ends_is_told_from_a_browser_that_does()
    {
        await using var browser = await TestBrowser.StartAsync();
        using var page = await browser.Browser.OpenPageAsync(Small, default);
        foreach (var driver in Drivers())
        {
            driver.Kill();
        }

        var left = await Assert.ThrowsAsync<BrowserException>(() => page.PassAsync(1000, TimePolicy.Advance, default));
        Assert.Equal(BrowserFault.DriverEnded, left.Fault);
        left = await Assert.ThrowsAsync<BrowserException>(() => browser.Browser.OpenPageAsync(Small, default));
        Assert.Equal(BrowserFault.DriverEnded, left.Fault);
    }

    [Fact]
    public async Task A_browser_that_ends_as_a_page_opens_is_told_as_such()
    {
        for (var tries = 0; tries < 5; tries++)
        {
            await using var browser = await TestBrowser.StartAsync();
            using (await browser.Browser.OpenPageAsync(Small, default))
            {
                Process.GetProcessById(browser.Browser.ProcessId).Kill();

                // The connection is gone before anybody knows that the process is.
                var left = await Assert.ThrowsAsync<BrowserException>(() => browser.Browser.OpenPageAsync(Small, default));
                Assert.Equal(BrowserFault.Crashed, left.Fault);
            }
        }
    }

    [Fact]
    public async Task A_page_that_is_disposed_does_not_end_the_driver_of_the_others()
    {
        await using var browser = await TestBrowser.StartAsync();
        var gone = await browser.Browser.OpenPageAsync(Small, default);
        gone.Dispose(); // and not closed: its time still passes, and the browser tells of it
        await gone.Page.Context.NewCDPSessionAsync(gone.Page).ContinueWith(
            session => session.Result.SendAsync("Emulation.setVirtualTimePolicy", new() { ["policy"] = "advance", ["budget"] = 10 }), TaskScheduler.Default).Unwrap();

        using var page = await browser.Browser.OpenPageAsync(Small, default);
        await page.PassAsync(10, TimePolicy.Advance, default);
        Assert.Equal(10, page.Frames);
    }

    private static IEnumerable<Process> Drivers() => Process.GetProcesses().Where(process =>
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process.Id}/stat");
            return stat.Split(')')[^1].Split(' ')[2] == Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)
                && File.ReadAllText($"/proc/{process.Id}/cmdline").Contains("run-driver", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // it has ended
        }
    });
}
