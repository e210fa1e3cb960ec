using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Platform.Browser.Tests;

[Trait("Category", "Integration")]
public sealed class HtmlLayerTests
{
    // A box that moves by a style's animation, one by scripts, and a circle half transparent.
    private const string Moving = """
        <style>@keyframes go { to { transform: translateX(100px) } } #css { position:absolute; top:0; width:20px; height:20px; background:#f00; animation: go 1s linear forwards }</style>
        <div id="css"></div><div id="js" style="position:absolute;top:40px;width:20px;height:20px;background:#00f"></div>
        <div style="position:absolute;left:60px;top:80px;width:20px;height:20px;background:rgba(0,255,0,.5)"></div>
        <script>let n = 0; (function step() { document.getElementById('js').style.left = (n++ * 4) + 'px'; requestAnimationFrame(step) })()</script>
        """;

    [Fact]
    public async Task Frames_are_consecutive_states_over_transparency()
    {
        var frames = await DrawAsync(new HtmlPage { Html = Moving, Width = 160, Height = 120, FramesPerSecond = 25, Frames = 10 });

        Assert.Equal(10, frames.Count);
        for (var i = 1; i < frames.Count; i++)
        {
            Assert.Equal(4, Left(frames[i], 10) - Left(frames[i - 1], 10));
            Assert.Equal(4, Left(frames[i], 50) - Left(frames[i - 1], 50));
        }

        var (first, half) = (frames[0], 128);
        Assert.Equal(0, first.Row(110)[3]);
        Assert.Equal([0, 255, 0], first.Row(90)[(70 * 4)..][..3].ToArray());
        Assert.InRange(first.Row(90)[(70 * 4) + 3], half - 1, half + 1);
    }

    [Fact]
    public async Task A_layer_drawn_in_parts_is_the_one_drawn_whole()
    {
        var page = new HtmlPage { Html = Moving, Width = 160, Height = 120, FramesPerSecond = 25, Frames = 8 };
        var whole = await DrawAsync(page);
        var part = await DrawAsync(page with { Skip = 5, Frames = 3 });

        Assert.Equal(whole.Skip(5).Select(Pixels), part.Select(Pixels));
    }

    [Fact]
    public async Task A_layer_reaches_its_own_files_and_nothing_else()
    {
        var folder = Directory.CreateTempSubdirectory("layer-tests-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "own.css"), "#a { background: #0f0 }", TestContext.Current.CancellationToken);
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var html = $$"""
            <link rel="stylesheet" href="own.css"><div id="a" style="position:absolute;width:10px;height:10px"></div>
            <div id="b" style="position:absolute;top:20px;width:10px;height:10px;background:#00f"></div>
            <img src="http://{{server.LocalEndpoint}}/picture.png"><script src="http://{{server.LocalEndpoint}}/script.js"></script>
            <script>for (const url of ['http://{{server.LocalEndpoint}}/', 'file:///etc/passwd', 'other.css'])
              fetch(url).then(r => { if (r.ok) document.getElementById('b').style.background = '#f00' }, () => { })</script>
            """;

        var frames = await DrawAsync(new HtmlPage { Html = html, Width = 40, Height = 40, FramesPerSecond = 25, Frames = 20, Files = new Dictionary<string, string> { ["own.css"] = Path.Combine(folder.FullName, "own.css") } });

        folder.Delete(recursive: true);
        Assert.False(server.Pending());
        Assert.Equal([0, 255, 0, 255], frames[^1].Row(5)[(5 * 4)..][..4].ToArray());
        Assert.Equal([0, 0, 255, 255], frames[^1].Row(25)[(5 * 4)..][..4].ToArray());
    }

    private static async Task<List<PngPicture>> DrawAsync(HtmlPage page)
    {
        await using var services = new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddHtmlLayers().BuildServiceProvider();
        var frames = new List<PngPicture>();
        await foreach (var frame in services.GetRequiredService<IHtmlLayer>().DrawAsync(page, TestContext.Current.CancellationToken))
        {
            frames.Add(frame is null ? frames[^1] : PngPicture.Decode(frame));
        }

        return frames;
    }

    private static int Left(PngPicture picture, int y)
    {
        var row = picture.Row(y);
        for (var x = 0; x < picture.Width; x++)
        {
            if (row[(x * 4) + 3] > 127)
            {
                return x;
            }
        }

        return -1;
    }

    private static string Pixels(PngPicture picture) => string.Concat(Enumerable.Range(0, picture.Height).Select(y => Convert.ToBase64String(picture.Row(y))));
}
