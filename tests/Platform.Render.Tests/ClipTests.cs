using System.Text.Json;
using Platform.Contracts;
using Platform.Render.Films;
using Platform.Templates;

namespace Platform.Render.Tests;

/// <summary>Every kind of clip, and what can be done to one, by the pixels of the film.</summary>
[Trait("Category", "Integration")]
[Collection(RenderHarness.Name)]
public sealed class ClipTests(RenderHarness harness)
{
    private const int Width = 64, Height = 48;

    [Fact]
    public async Task Shows_what_a_mask_lets_through()
    {
        var half = await harness.MakeAsync("half.png", "-f lavfi -i color=black:s=32x48 -f lavfi -i color=white:s=32x48 -filter_complex hstack -frames:v 1");
        var still = await StillAsync(
            """
            {"type":"color","color":"#ff0000","width":32,"height":48,"anchor":"left","mask":{"shape":"ellipse"}},
            {"type":"gradient","gradient":"linear-gradient(#0000ff,#0000ff)","width":32,"height":24,"anchor":"top-right","mask":{"src":"library:half"}},
            {"type":"shape","fill":"#0000ff","width":32,"height":24,"anchor":"bottom-right","mask":{"src":"library:half","invert":true}}
            """, ("half", half));

        still.Near(16, 24, 255, 0, 0);
        still.Near(1, 1, 0, 0, 0);
        still.Near(36, 12, 0, 0, 0);
        still.Near(60, 12, 0, 0, 255);
        still.Near(36, 36, 0, 0, 255);
        still.Near(60, 36, 0, 0, 0);
    }

    [Theory]
    [InlineData("still", "")]
    [InlineData("film", "")]
    [InlineData("film", ""","rotation":180""")]
    public async Task Makes_a_colour_transparent(string kind, string turn)
    {
        const string sides = "-f lavfi -i color=0x00ff00:s=32x48:r=25:d=0.2 -f lavfi -i color=0xff0000:s=32x48:r=25:d=0.2 -filter_complex hstack";
        var file = kind == "still" ? await harness.MakeAsync("green.png", $"{sides} -frames:v 1") : await harness.MakeAsync("green.mp4", $"{sides} -c:v libx264 -qp 1 -pix_fmt yuv420p");
        var still = await StillAsync(
            $$"""{"type":"color","color":"#0000ff"},{"type":"{{(kind == "still" ? "image" : "video")}}","src":"library:green","chromaKey":{"color":"#00ff00"}{{turn}}}""", ("green", file));

        var (gone, kept) = turn.Length == 0 ? (10, 54) : (54, 10);
        still.Near(gone, 24, 0, 0, 255);
        still.Near(kept, 24, 255, 0, 0);
    }

    [Fact]
    public async Task Moves_the_clips_of_a_group_as_one()
    {
        var film = await FilmAsync("""
            {"type":"group","width":32,"height":24,"anchor":"top-left","keyframes":{"x":[{"at":0,"value":0},{"at":0.2,"value":32,"easing":"hold"}]},"clips":[
              {"type":"shape","fill":"#ff0000","width":"50%","height":"100%","anchor":"left"},
              {"type":"shape","fill":"#00ff00","width":16,"height":24,"anchor":"right","start":0.12}]}
            """);
        var (first, last) = (await FrameAsync(film, 0), await FrameAsync(film, 9));

        first.Near(8, 12, 255, 0, 0);
        first.Near(24, 12, 0, 0, 0);       // not there yet
        last.Near(8, 12, 0, 0, 0);
        last.Near(40, 12, 255, 0, 0);
        last.Near(56, 12, 0, 255, 0);
    }

    [Fact]
    public async Task Draws_a_page_at_the_films_times()
    {
        // What moves by a clock of its own, and what a script counts, are where they are at the frame's time however long drawing takes.
        var film = await FilmAsync("""
            {"type":"html","html":"<style>i{position:absolute;left:0;top:0;width:16px;height:16px;background:#0f0;animation:go .4s linear}@keyframes go{from{left:0}to{left:48px}}</style><i></i><b style='position:absolute;left:0;bottom:0;height:8px;background:#f00'></b><script>setTimeout(() => document.querySelector('b').style.width = '64px', 210)</script>"}
            """);
        var (early, late) = (await FrameAsync(film, 1), await FrameAsync(film, 8));

        early.Near(8, 6, 0, 255, 0, 20);
        early.Near(50, 6, 0, 0, 0);
        early.Near(32, 45, 0, 0, 0);
        late.Near(8, 6, 0, 0, 0);
        late.Near(46, 6, 0, 255, 0, 20);
        late.Near(32, 45, 255, 0, 0, 20);
    }

    [Theory]
    [InlineData(2, 1, "red")]
    [InlineData(2, 4, "blue")]
    [InlineData(0.5, 8, "red")]
    public async Task Plays_a_film_faster_or_slower(double speed, int number, string color)
    {
        var clip = await harness.MakeAsync("turns.mp4", "-f lavfi -i color=0xff0000:s=64x48:r=25:d=0.2 -f lavfi -i color=0x0000ff:s=64x48:r=25:d=1 -filter_complex concat=n=2 -c:v libx264 -qp 1 -pix_fmt yuv420p");
        var film = await FilmAsync(FormattableString.Invariant($$"""{"type":"video","src":"library:turns","speed":{{speed}}}"""), ("turns", clip));

        (await FrameAsync(film, number)).Near(32, 24, color == "red" ? 255 : 0, 0, color == "blue" ? 255 : 0, 20);
    }

    [Fact]
    public async Task Writes_with_a_font_of_the_template()
    {
        const string installed = "Inter";
        var own = await StillAsync(Written("Ours"), ""","fonts":[{"family":"Ours","src":"library:font"}]""", ("font", FontFile(installed)));
        var (theirs, other) = (await StillAsync(Written(installed)), await StillAsync(Written("EB Garamond")));

        // A browser smooths the edges of a file's letters a little otherwise than those of an installed font.
        Assert.InRange(Unlike(theirs, own), 0, 1);
        Assert.True(Unlike(other, own) > 10);

        static double Unlike(Frame one, Frame another) => one.Rgba.Zip(another.Rgba, (a, b) => Math.Abs(a - b)).Average();
        static string Written(string family) => $$"""{"type":"text","text":"Rg","style":{"fontSize":40,"fontWeight":400,"fontFamily":"{{family}}"} }""";
    }

    [Fact]
    public async Task Mixes_what_is_half_transparent_without_darkening_it()
    {
        // Halfway from one white square to another, on white: nothing is to be seen of it, whatever shines through around them.
        var film = await harness.RenderedAsync(Template("""
            {"clips":[{"type":"color","color":"#ffffff"}]},
            {"clips":[{"type":"shape","fill":"#ffffff","width":32,"height":32,"length":0.3},
                      {"type":"shape","shape":"ellipse","fill":"#ffffff","width":40,"height":40,"length":0.3,"transition":{"name":"fade","duration":0.2}}]}
            """, ""));

        for (var frame = 2; frame < 8; frame++)
        {
            var seen = await FrameAsync(film, frame);
            for (var x = 0; x < Width; x += 2) seen.Near(x, 24, 255, 255, 255, 6);
        }
    }

    [Fact]
    public async Task Shows_a_moment_within_a_transition_as_the_film_does()
    {
        const string clips = """
            {"type":"color","color":"#ff0000","length":0.4},{"type":"color","color":"#0000ff","length":0.4,"transition":{"name":"wipeleft","duration":0.32,"easing":"inQuad"}}
            """;
        var film = await harness.RenderedAsync(Template($$"""{"clips":[{{clips}}]}""", ""));
        foreach (var frame in new[] { 4, 7 })
        {
            var (still, moving) = (await StillTrackAsync(clips, frame / 25.0), await FrameAsync(film, frame));
            for (var x = 2; x < Width; x += 4) moving.Near(x, 24, still[x, 24].R, still[x, 24].G, still[x, 24].B, 40);
        }
    }

    [Fact]
    public async Task Names_the_clip_whose_transition_the_installed_ffmpeg_does_not_have()
    {
        var installed = await harness.Transitions.NamesAsync(TestContext.Current.CancellationToken);
        Assert.Empty(installed.Except(Transitions.Names));
        Assert.Superset(Transitions.Names.Take(46).ToHashSet(), installed.ToHashSet());
        if (Transitions.Names.Except(installed).FirstOrDefault() is not { } newer) return;

        var (answer, _) = await harness.RenderAsync(Template($$"""{"clips":[{"type":"color","color":"red","length":0.2},{"type":"color","color":"blue","length":0.4,"transition":{"name":"{{newer}}","duration":0.1} }]}""", ""));

        var failure = Assert.IsType<StageFailed>(answer).Failure;
        Assert.Equal(("render.unknown_transition", FailureKind.Permanent), (failure.Code, failure.Kind));
        Assert.StartsWith("Track 1, clip 2, transition: ", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Encodes_in_software_when_another_encoder_fails()
    {
        var reading = TemplateReader.Read(JsonDocument.Parse(Template("""{"clips":[{"type":"color","color":"#00ff00"}]}""", "")).RootElement, new Dictionary<string, JsonElement>());
        var warnings = new List<string>();
        var folder = Directory.CreateDirectory(harness.PathOf("fallback")).FullName;

        // There is no such hardware here, or this says nothing.
        var film = await harness.Films.MakeAsync(new FilmOrder
        {
            Timeline = Schedule.Of(reading.Template!, new Dictionary<string, MediaFacts>()), Assets = new Dictionary<string, Asset>(), Folder = folder,
            Encoding = new FilmEncoding("mp4", new FinalEncode { Settings = new EncodeSettings { Preset = "ultrafast" }, WritesResult = true }, "h264_amf"),
            Warn = (code, _) => warnings.Add(code),
        }, TestContext.Current.CancellationToken);

        Assert.Equal(["render.encoder_fallback"], warnings);
        (await FrameAsync(film, 5)).Near(32, 24, 0, 255, 0);
    }

    private static string Template(string tracks, string more) => $$"""{"size":{"width":{{Width}},"height":{{Height}}},"fps":25,"background":"#000000","tracks":[{{tracks}}]{{more}}}""";

    // Each clip a track of its own, over the one before it.
    private static string Tracks(string clips) => string.Join(',', JsonDocument.Parse($"[{clips}]").RootElement.EnumerateArray().Select(clip => $$"""{"clips":[{{clip.GetRawText()}}]}"""));

    private Task<Frame> StillAsync(string clips, params (string, string)[] files) => StillAsync(clips, "", files);

    private async Task<Frame> StillAsync(string clips, string more, params (string, string)[] files) =>
        await FrameAsync(await harness.RenderedAsync(Template(Tracks(clips), more), format: "png", at: 0.1, files: files), 0);

    private async Task<Frame> StillTrackAsync(string clips, double at) => await FrameAsync(await harness.RenderedAsync(Template($$"""{"clips":[{{clips}}]}""", ""), format: "png", at: at), 0);

    private Task<string> FilmAsync(string clips, params (string, string)[] files) => harness.RenderedAsync(Template($$"""{"clips":[{{clips}}]}""", ""","duration":0.4"""), files: files);

    private Task<Frame> FrameAsync(string film, int number) => harness.FrameAsync(film, number, Width, Height);

    private static string FontFile(string family)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("fc-match", ["-f", "%{file}", $"{family}:weight=80:slant=0"]) { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadToEnd();
    }
}
