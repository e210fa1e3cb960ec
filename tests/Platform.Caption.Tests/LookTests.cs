using Platform.Contracts;

namespace Platform.Caption.Tests;

/// <summary>What a style asks for, seen in the picture.</summary>
[Trait("Category", "Integration")]
public sealed class LookTests(CaptionHarness caption) : IClassFixture<CaptionHarness>
{
    private const int Width = 480, Height = 270;
    private const string Words = """[{"text":"Every","start":0.2,"end":0.5},{"text":"word","start":0.5,"end":0.9}]""";

    [Fact]
    public async Task Fills_words_as_they_are_spoken()
    {
        var (film, files) = await CaptionedAsync(Words, p => p with { Style = new CaptionStyle { Preset = "karaoke", Changes = new CaptionLook { ActiveColor = "#ff0000", Size = 0.15 } } });
        var red = new List<int>();
        foreach (var time in new[] { 0.2, 0.36, 0.52, 0.88 })
        {
            red.Add(Pixels(await CaptionHarness.FrameAsync(film, time), (r, g, b) => r > 170 && g < 90 && b < 90));
        }

        Assert.True(red[0] < 50 && red[1] > red[0] + 100 && red[2] > red[1] + 100 && red[3] > red[2] + 100, string.Join(", ", red));
        Assert.Contains("word", await File.ReadAllTextAsync(files["srt"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stands_at_each_of_nine_places()
    {
        foreach (var (y, vertical) in new[] { "top", "middle", "bottom" }.Index())
        {
            foreach (var (x, horizontal) in new[] { "left", "center", "right" }.Index())
            {
                var position = vertical == "middle" ? horizontal : horizontal == "center" ? vertical : $"{vertical}-{horizontal}";
                var (film, _) = await CaptionedAsync(Words, p => p with { Style = new CaptionStyle { Changes = new CaptionLook { Position = position, Size = 0.08, Animation = "none" } } });
                var ink = Ink.Of(await CaptionHarness.FrameAsync(film, 0.5), await CaptionHarness.FrameAsync(await GroundAsync(), 0.5), Width);

                Assert.Equal((x, y), ((ink.Left + ink.Right) * 3 / (2 * Width), (ink.Top + ink.Bottom) * 3 / (2 * Height)));
            }
        }
    }

    [Fact]
    public async Task Names_speakers_and_colours_what_each_says()
    {
        const string words = """[{"text":"Hello","start":0.1,"end":0.4,"speaker":"Ann"},{"text":"Goodbye","start":0.5,"end":0.9,"speaker":"Bo"}]""";
        var (film, files) = await CaptionedAsync(words, p => p with
        {
            SpeakerLabels = true, SpeakerColors = new Dictionary<string, string> { ["Ann"] = "#ff0000", ["Bo"] = "#00ff00" }, Style = new CaptionStyle { Changes = new CaptionLook { Size = 0.15, Animation = "none" } },
        });
        var (ann, bo) = (await CaptionHarness.FrameAsync(film, 0.3), await CaptionHarness.FrameAsync(film, 0.7));

        Assert.True(Pixels(ann, Red) > 300 && Pixels(ann, Green) == 0);
        Assert.True(Pixels(bo, Green) > 300 && Pixels(bo, Red) == 0);
        Assert.Contains("Ann: Hello", await File.ReadAllTextAsync(files["srt"]), StringComparison.Ordinal);
        Assert.Contains("Bo: Goodbye", await File.ReadAllTextAsync(files["srt"]), StringComparison.Ordinal);

        static bool Red(byte r, byte g, byte b) => r > 170 && g < 90 && b < 90;
        static bool Green(byte r, byte g, byte b) => g > 170 && r < 90 && b < 90;
    }

    private Task<string> GroundAsync() => caption.FilmAsync("look.mkv", 1, Width, Height);

    private async Task<(string Film, IReadOnlyDictionary<string, string> Files)> CaptionedAsync(string words, Func<CaptionParameters, CaptionParameters> with)
    {
        var (_, files) = await caption.CaptionedAsync(await GroundAsync(), p => with(p) with { Source = new CaptionSource { Words = Media.Parse("@captions") } }, await caption.TextAsync("look.json", words));
        return (files["video"], files);
    }

    private static int Pixels(byte[] picture, Func<byte, byte, byte, bool> which) => Enumerable.Range(0, picture.Length / 3).Count(i => which(picture[i * 3], picture[(i * 3) + 1], picture[(i * 3) + 2]));
}
