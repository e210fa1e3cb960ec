namespace Platform.Render.Tests;

[Trait("Category", "Integration")]
[Collection(RenderHarness.Name)]
public sealed class RenderTests(RenderHarness harness)
{
    [Fact]
    public async Task Lays_colours_shapes_and_pictures_where_they_belong()
    {
        var picture = await harness.MakeAsync("blue.png", "-f lavfi -i color=c=0x0000ff:s=40x20 -frames:v 1");
        var film = await harness.RenderedAsync("""
            {"size":{"width":160,"height":90},"fps":25,"duration":1,"background":"#ff0000","tracks":[
              {"clips":[{"type":"shape","width":40,"height":40,"anchor":"top-left","x":10,"y":10,"fill":"#00ff00"}]},
              {"clips":[{"type":"image","src":"library:blue","width":40,"anchor":"bottom-right","start":0.4,"length":0.4}]}]}
            """, files: ("blue", picture));

        var (early, late) = (await harness.FrameAsync(film, 5, 160, 90), await harness.FrameAsync(film, 12, 160, 90));
        early.Near(80, 45, 255, 0, 0);
        early.Near(30, 30, 0, 255, 0);
        early.Near(140, 80, 255, 0, 0);
        late.Near(140, 80, 0, 0, 255);
        Assert.Equal(25, (await harness.Probe.ProbeAsync(film, CancellationToken.None)).Video!.Frames);
    }

    [Fact]
    public async Task Writes_text_that_comes_word_by_word()
    {
        var film = await harness.RenderedAsync("""
            {"size":{"width":320,"height":180},"fps":30,"duration":2,"background":"#101820","tracks":[
              {"clips":[{"type":"text","text":"Hello {{name}}","style":{"fontSize":48,"color":"#ffcc00"},"enter":{"preset":"rise","by":"word","stagger":0.3},"exit":"fade"}]}]}
            """, """{"name":"{{world}}"}""");

        // How much of each line is as yellow as its letters are: the second word comes later, and is shown as it was given.
        async Task<(int First, int Second)> LitAsync(int number)
        {
            var frame = await harness.FrameAsync(film, number, 320, 180);
            int Lit(int from, int to) => Enumerable.Range(from, to - from).Sum(y => Enumerable.Range(0, 320).Count(x => frame[x, y] is { R: > 200, G: > 150 }));
            return (Lit(0, 90), Lit(90, 180));
        }
        var (early, late, gone) = (await LitAsync(12), await LitAsync(35), await LitAsync(59));
        Assert.True(early is { First: > 300, Second: 0 }, $"{early}");
        Assert.True(late is { First: > 300, Second: > 600 }, $"{late}");
        Assert.Equal((0, 0), gone);
    }

    [Theory]
    [InlineData("webm", "vp9")]
    [InlineData("mov", "prores")]
    [InlineData("gif", "gif")]
    [InlineData("png", "png")]
    public async Task Keeps_what_is_transparent(string format, string codec)
    {
        var film = await harness.RenderedAsync("""
            {"size":{"width":160,"height":90},"fps":25,"duration":0.4,"background":"transparent","tracks":[
              {"clips":[{"type":"shape","width":40,"height":40,"anchor":"top-left","x":10,"y":10,"fill":"#00ff00"}]}]}
            """, format: format, at: 0.2);

        Assert.Equal(codec, (await harness.Probe.ProbeAsync(film, CancellationToken.None)).Video!.Codec);
        // ffmpeg's own decoder of VP9 passes its alpha channel over.
        var frame = await harness.FrameAsync(film, 0, 160, 90, format == "webm" ? "libvpx-vp9" : null);
        frame.Near(30, 30, 0, 255, 0, 20);
        Assert.Equal(255, frame[30, 30].A, 2.0);
        Assert.Equal(0, frame[100, 60].A, 2.0);
    }

    [Theory]
    [InlineData("mov", null, 1.0, 1.0)]
    [InlineData("webm", "libvpx-vp9", 2.5, 4.0)]
    public async Task Keeps_half_transparent_colours_and_soft_edges(string format, string? decoder, double opacity, double color)
    {
        const string template = """
            {"size":{"width":320,"height":180},"fps":25,"duration":0.4,"background":"transparent","tracks":[
              {"clips":[{"type":"shape","shape":"ellipse","width":150,"height":150,"x":-60,"fill":"#ff880080"}]},
              {"clips":[{"type":"shape","width":120,"height":90,"x":60,"rotation":30,"fill":"linear-gradient(90deg, #0044ff, #00ff4400)","opacity":0.7}]},
              {"clips":[{"type":"text","text":"Ag","style":{"fontSize":60,"color":"#ffffff","textShadow":"0 2px 8px rgba(0,0,0,0.6)"}}]}]}
            """;
        var drawn = await harness.FrameAsync(await harness.RenderedAsync(template, format: "png", at: 0.2), 0, 320, 180);
        var coded = await harness.FrameAsync(await harness.RenderedAsync(template, format: format), 5, 320, 180, decoder);

        // What is laid over something else: the opacity, and colours as far as they are seen. The largest error is told too, since a hard edge would hide in the mean.
        var pixels = Enumerable.Range(0, 320 * 180).Select(i => (x: i % 320, y: i / 320)).ToList();
        Assert.True(pixels.Count(p => drawn[p.x, p.y].A is > 20 and < 235) > 9000, "the picture has no half-transparent parts");
        Assert.InRange(pixels.Average(p => Math.Abs((double)drawn[p.x, p.y].A - coded[p.x, p.y].A)), 0, opacity);
        Assert.InRange(pixels.Max(p => Math.Abs((double)drawn[p.x, p.y].A - coded[p.x, p.y].A)), 0, 40);
        foreach (var channel in new Func<(byte R, byte G, byte B, byte A), double>[] { p => p.R * p.A / 255.0, p => p.G * p.A / 255.0, p => p.B * p.A / 255.0 })
            Assert.InRange(pixels.Average(p => Math.Abs(channel(drawn[p.x, p.y]) - channel(coded[p.x, p.y]))), 0, color);
    }

    [Theory]
    [InlineData("multiply", 128, 0, 0)]
    [InlineData("screen", 255, 128, 128)]
    [InlineData("difference", 128, 128, 128)]
    public async Task Blends_in_RGB_where_the_layer_is(string blend, int r, int g, int b)
    {
        var film = await harness.RenderedAsync($$"""
            {"size":{"width":160,"height":90},"fps":25,"duration":0.4,"background":"#ff0000","tracks":[
              {"clips":[{"type":"shape","width":80,"height":90,"anchor":"left","fill":"#808080","blend":"{{blend}}"}]}]}
            """);

        var frame = await harness.FrameAsync(film, 5, 160, 90);
        frame.Near(40, 45, r, g, b);
        frame.Near(120, 45, 255, 0, 0);
    }

    [Fact]
    public async Task Makes_the_sound_alone()
    {
        var tone = await harness.MakeAsync("tone.wav", "-f lavfi -i sine=f=440:d=3");
        foreach (var format in new[] { "mp3", "wav" })
        {
            var made = await harness.RenderedAsync("""{"fps":25,"duration":2,"tracks":[{"clips":[{"type":"audio","src":"library:tone","start":0.5,"length":1}]}]}""", format: format, files: ("tone", tone));
            var info = await harness.Probe.ProbeAsync(made, CancellationToken.None);
            Assert.Equal(2, info.Duration!.Value.TotalSeconds, 0.1);
            Assert.Null(info.Video);
        }
    }

    [Fact]
    public async Task Names_the_clip_whose_file_is_broken()
    {
        var broken = harness.PathOf("broken.png");
        await File.WriteAllTextAsync(broken, "no picture");
        var (answer, _) = await harness.RenderAsync("""{"duration":1,"tracks":[{"name":"logos","clips":[{"type":"image","name":"mark","src":"library:mark"}]}]}""", files: ("mark", broken));
        var failure = Assert.IsType<Platform.Contracts.StageFailed>(answer).Failure;
        Assert.Equal("media.unreadable", failure.Code);
        Assert.StartsWith("Track \"logos\", clip \"mark\", src: ", failure.Detail, StringComparison.Ordinal);

        var (missing, _) = await harness.RenderAsync("""{"duration":1,"tracks":[{"clips":[{"type":"image","src":"library:mark"}]}]}""");
        failure = Assert.IsType<Platform.Contracts.StageFailed>(missing).Failure;
        Assert.Equal(("render.missing_asset", "Track 1, clip 1, src: the file \"library:mark\" is not there."), (failure.Code, failure.Detail));
    }
}
