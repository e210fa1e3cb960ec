using Microsoft.Extensions.DependencyInjection;
using Platform.Browser;
using Platform.Contracts;
using Platform.Pictures;

namespace Platform.Caption.Tests;

/// <summary>What is seen, counted in pixels.</summary>
[Trait("Category", "Integration")]
public sealed class PictureTests(CaptionHarness caption, ITestOutputHelper output) : IClassFixture<CaptionHarness>
{
    public static TheoryData<string> Styles => [.. CaptionStyle.Presets];

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task Looks_the_same_in_every_format_and_stays_inside_what_is_safe(string style)
    {
        var heights = new List<double>();
        foreach (var (width, height, zone) in new[] { (1920, 1080, "none"), (1080, 1920, "tiktok"), (1080, 1080, "none") })
        {
            var ink = await InkAsync(width, height, p => p with { Style = new CaptionStyle { Preset = style }, SafeZone = zone, Words = 2, Lines = 1 }, """[{"text":"Hey","start":0.1,"end":0.3},{"text":"you","start":0.3,"end":0.6}]""", 0.5);
            var safe = SafeArea.Of(zone, width, height);

            Assert.True(ink.Pixels > width * height / 2000, $"{style} at {width}x{height}: {ink}");
            Assert.True(ink.Left >= safe.Left - 1 && ink.Right <= safe.Right + 1 && ink.Top >= safe.Top - 1 && ink.Bottom <= safe.Bottom + 1, $"{style} at {width}x{height}: {ink} is not in {safe}");
            heights.Add(ink.Height / height);
        }

        Assert.All(heights, share => Assert.InRange(share / heights[0], 0.98, 1.02));
    }

    [Theory]
    [InlineData(@"{\fs9999\bord500\blur200}W")]
    [InlineData(@"{\pos(5,5)}{\an7\alpha&HFF&}gone?")]
    [InlineData(@"C:\new\N\h 100% 'a': ""b"", [c];")]
    public async Task Shows_a_script_s_own_syntax_as_text(string text)
    {
        var json = System.Text.Json.JsonSerializer.Serialize(new[] { new { text, start = 0.1, end = 0.9 } });
        var ink = await InkAsync(960, 540, p => p with { Style = new CaptionStyle { Changes = new CaptionLook { Animation = "none", Size = 0.06 } } }, json, 0.5);
        var plain = System.Text.Json.JsonSerializer.Serialize(new[] { new { text = new string('n', text.Length), start = 0.1, end = 0.9 } });
        var like = await InkAsync(960, 540, p => p with { Style = new CaptionStyle { Changes = new CaptionLook { Animation = "none", Size = 0.06 } } }, plain, 0.5);

        // One line at its usual place and of its usual height, about as wide as so many letters are.
        Assert.InRange(ink.Bottom, 540 * 0.88, 540 * 0.955);
        Assert.InRange(ink.Height, 20, 60);
        Assert.InRange((ink.Right - ink.Left) / (double)(like.Right - like.Left), 0.55, 1.35);
    }

    [Theory]
    [InlineData("Frame exact", "Inter")]
    [InlineData("مرحبا", "Noto Sans Arabic")]
    [InlineData("こんにちは世界", "Noto Sans CJK JP")]
    [InlineData("नमस्ते", "Noto Sans Devanagari")]
    [InlineData("안녕하세요 세계", "Noto Sans CJK KR")]
    [InlineData("გამარჯობა", "Noto Sans Georgian")]
    [InlineData("🚀", "Noto Color Emoji")]
    public async Task Draws_every_script_as_a_browser_does(string text, string family)
    {
        const int width = 960, height = 540, size = 54, margin = 8;
        var json = System.Text.Json.JsonSerializer.Serialize(text.Split(' ').Select((word, i) => new { text = word, start = 0.1 + (i * 0.2), end = 0.3 + (i * 0.2) }));
        var film = await caption.FilmAsync($"ground-{width}x{height}.mkv", 1, width, height);
        var (_, files) = await caption.CaptionedAsync(
            film,
            p => p with { Source = new CaptionSource { Words = Media.Parse("@captions") }, Style = new CaptionStyle { Changes = new CaptionLook { Animation = "none", Size = (double)size / height, Outline = 0, Shadow = 0, Weight = "bold" } } },
            await caption.TextAsync("words.json", json));
        var piece = Assert.Single(await caption.Services.GetRequiredService<ITextRasteriser>().RasteriseAsync(
            [new TextBlock(text, new TextStyle { Size = size, Weight = 700, Families = ["Inter", family] })], Directory.CreateDirectory(caption.PathOf(Guid.NewGuid().ToString("N"))).FullName, CancellationToken.None)).Pieces[0];

        // The same fonts at the same size, on the same ground. What cannot be equal: where between two pixels a word begins, hinting, and how edges are mixed, which each engine decides for itself.
        var drawn = new GrayPicture(await Tools.RunAsync("ffmpeg", "-v", "error", "-ss", "0.5", "-i", files["video"], "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"), width);
        var (groundWidth, groundHeight) = ((piece.Width / 2 * 2) + (2 * margin), (piece.Height / 2 * 2) + (2 * margin)); // even, as the source rounds
        var browser = new GrayPicture(
            await Tools.RunAsync(
                "ffmpeg", "-v", "error", "-f", "lavfi", "-i", $"color=0x406080:s={groundWidth}x{groundHeight}", "-i", piece.Path, "-filter_complex", $"[0]format=rgb24[ground];[ground][1]overlay=x={margin}:y={margin}:format=rgb,format=gray",
                "-frames:v", "1", "-f", "rawvideo", "pipe:1"),
            groundWidth);
        var likeness = drawn.BestLikeness(browser);
        output.WriteLine($"{text}: SSIM {likeness:0.000}");
        Assert.InRange(likeness, 0.93, 1);
    }

    [Fact]
    public async Task Draws_emoji_in_their_colours_beside_the_words()
    {
        var film = await caption.FilmAsync("emoji.mkv", 1, 960, 540);
        var words = await caption.TextAsync("emoji.json", """[{"text":"Go","start":0.1,"end":0.3},{"text":"🚀","start":0.3,"end":0.5},{"text":"❤️","start":0.5,"end":0.7}]""");
        var (answer, files) = await caption.CaptionedAsync(film, p => p with { Source = new CaptionSource { Words = Media.Parse("@captions") }, Style = new CaptionStyle { Changes = new CaptionLook { Size = 0.1 } } }, words);
        var frame = await CaptionHarness.FrameAsync(files["video"], 0.5);
        var red = 0;
        for (var i = 0; i + 2 < frame.Length; i += 3)
        {
            red += frame[i] > 180 && frame[i + 1] < 110 && frame[i + 2] < 110 ? 1 : 0;
        }

        Assert.True(red > 300, $"{red} red pixels");
        Assert.DoesNotContain(answer.Warnings, warning => warning.Code == "caption.missing_glyph");
        Assert.Contains("🚀", await File.ReadAllTextAsync(files["ass"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warns_of_a_letter_that_no_font_draws()
    {
        var film = await caption.FilmAsync("box.mkv", 1);
        var (answer, _) = await caption.CaptionedAsync(film, p => p with { Source = new CaptionSource { Words = Media.Parse("@captions") } }, await caption.TextAsync("box.json", "[{\"text\":\"a\\ud8bf\\udfffb\",\"start\":0,\"end\":1}]"));

        Assert.Contains(answer.Warnings, warning => warning.Code == "caption.missing_glyph");
    }

    [Fact]
    public async Task Refuses_a_font_that_is_not_there()
    {
        var film = await caption.FilmAsync("font.mkv", 1);
        var (answer, _) = await caption.CaptionAsync(film, p => p with { Style = new CaptionStyle { Changes = new CaptionLook { Font = "No Such Font" } }, Source = new CaptionSource { Words = Media.Parse("@captions") } }, await caption.TextAsync("font.json", "[]"));

        Assert.Equal("caption.font_unknown", Assert.IsType<StageFailed>(answer).Failure.Code);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Copies_the_picture_where_it_draws_nothing(bool soft, bool final)
    {
        var tone = caption.PathOf("tone.wav");
        await Tools.RunAsync("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "sine=440:d=2", tone);
        var film = await caption.FilmAsync("copy.mkv", 2, sound: tone);
        var (_, files) = await caption.CaptionedAsync(film, p => p with { Burn = soft ? CaptionBurn.Soft : CaptionBurn.None, Source = new CaptionSource { Srt = Media.Parse("@captions") } },
            await caption.TextAsync("copy.srt", "1\n00:00:00,500 --> 00:00:01,500\nHello there\n"), final);

        Assert.Equal(await caption.PictureAsync(film), await caption.PictureAsync(files["video"]));
        var streams = System.Text.Encoding.UTF8.GetString(await Tools.RunAsync("ffprobe", "-v", "error", "-show_entries", "stream=codec_name:stream_tags=language", "-of", "csv=p=0", files["video"]));
        Assert.Equal(soft, streams.Contains(final ? "mov_text,eng" : "subrip", StringComparison.Ordinal));
        Assert.Contains(final ? "aac" : "pcm_s16le", streams, StringComparison.Ordinal);
        Assert.Contains("Hello there", await File.ReadAllTextAsync(files["vtt"]), StringComparison.Ordinal);
    }

    private async Task<Ink> InkAsync(int width, int height, Func<CaptionParameters, CaptionParameters> with, string words, double time)
    {
        var film = await caption.FilmAsync($"ground-{width}x{height}.mkv", 1, width, height);
        var (_, files) = await caption.CaptionedAsync(film, p => with(p) with { Source = new CaptionSource { Words = Media.Parse("@captions") } }, await caption.TextAsync("words.json", words));
        return Ink.Of(await CaptionHarness.FrameAsync(files["video"], time), await CaptionHarness.FrameAsync(film, time), width);
    }
}
