namespace Platform.Browser.Tests;

[Trait("Category", "Integration")]
public sealed class VirtualTimePageTests
{
    private static readonly string[] Clocks = ["raf", "rafts", "css", "waapi", "smil", "timer", "now", "date"];
    private static readonly PageView Small = new() { Width = 640, Height = 360, FramesPerSecond = 60, Clock = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000) };

    [Fact]
    public async Task Sixty_frames_hold_sixty_consecutive_states_of_every_clock()
    {
        await using var browser = await TestBrowser.StartAsync();
        var frames = await TakeAsync(browser, 60);

        foreach (var (clock, row) in Clocks.Select((clock, row) => (clock, row)))
        {
            var states = frames.Select(frame => State(frame, row)).ToArray();
            Assert.Equal(Enumerable.Range(states[0], 60), states);
        }
    }

    [Fact]
    public async Task Two_takes_of_a_page_are_equal()
    {
        await using var browser = await TestBrowser.StartAsync();
        var first = await TakeAsync(browser, 20);
        await using var other = await TestBrowser.StartAsync();
        var second = await TakeAsync(other, 20);

        for (var i = 0; i < first.Count; i++)
        {
            for (var row = 0; row < Clocks.Length; row++)
            {
                Assert.Equal(State(first[i], row), State(second[i], row));
            }
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Draws_at_the_device_scale_asked_for(bool mobile)
    {
        await using var browser = await TestBrowser.StartAsync(
            new() { ["a.html"] = "<meta name=viewport content='width=device-width'><body style='margin:0;background:#00f'><p style='margin:0;width:320px;height:180px;background:#0a0'>" }, scale: 1.5);
        using var page = await browser.OpenAsync("a.html", Small with { Mobile = mobile });
        var picture = PngPicture.Decode(await page.ScreenshotAsync(default));

        Assert.Equal((960, 540), (picture.Width, picture.Height));
        Assert.Equal((0, 0xaa, 0), picture[478, 268]);
        Assert.Equal((0, 0, 0xff), picture[481, 271]);
        Assert.Equal(1.5, (await page.EvaluateAsync("devicePixelRatio", default)).GetDouble());
    }

    private static async Task<List<PngPicture>> TakeAsync(TestBrowser browser, int count)
    {
        using var page = await browser.OpenAsync("clocks.html?fps=60", Small);
        List<byte[]> frames = [];
        for (var i = 0; i < count; i++)
        {
            frames.Add(await page.NextFrameAsync(FramePicture.Png, TimePolicy.Advance, default) ?? frames[^1]);
        }

        return [.. frames.Select(PngPicture.Decode)];
    }

    // Ten squares of 40 pixels in a row of 40: bits, lowest first.
    private static int State(PngPicture frame, int row) => Enumerable.Range(0, 10).Sum(bit => frame[(bit * 40) + 18, (row * 40) + 18].R > 127 ? 1 << bit : 0);
}
