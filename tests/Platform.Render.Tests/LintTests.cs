using Platform.Pictures;
using Platform.Render.Linting;
using Platform.Templates;

namespace Platform.Render.Tests;

/// <summary>The rules alone, on findings and pictures that are made up.</summary>
public sealed class LayoutRulesTests
{
    private static readonly Timeline Film = new() { Width = 1920, Height = 1080, Fps = 30, Frames = 90, Background = "#000000", Layers = [], Sounds = [] };

    [Theory]
    [InlineData(200, 200, 800, 400, null)]
    [InlineData(-5, 200, 800, 400, "text_outside_picture")]
    [InlineData(200, 200, 1921, 400, "text_outside_safe_zone")]
    [InlineData(200, 200, 1930, 400, "text_outside_picture")]
    [InlineData(60, 200, 800, 400, "text_outside_safe_zone")]
    [InlineData(200, 1000, 800, 1060, "text_outside_safe_zone")]
    public void Keeps_text_in_the_picture_and_in_what_is_safe(double left, double top, double right, double bottom, string? code) =>
        Assert.Equal(Codes(code), Judged(Text(new Box(left, top, right, bottom))));

    [Theory]
    [InlineData(24, 400, 4.4, null)]
    [InlineData(16, 400, 4.4, "text_low_contrast")]
    [InlineData(16, 400, 4.6, null)]
    [InlineData(19, 700, 3.1, null)]
    [InlineData(19, 400, 3.1, "text_low_contrast")]
    [InlineData(60, 400, 2.9, "text_low_contrast")]
    [InlineData(60, 400, null, null)]
    public void Asks_for_the_contrast_that_WCAG_asks_for(double size, int weight, double? contrast, string? code) =>
        Assert.Equal(Codes(code), Judged(Text(Inside) with { Size = size, Weight = weight, Contrast = contrast }));

    [Fact]
    public void Tells_what_a_box_cannot_hold() =>
        Assert.Equal(["text_overflow"], Judged(Text(Inside, new TextClip { Text = "x", Height = new Extent(100) }) with { Height = 140 }));

    [Fact]
    public void Tells_the_worst_of_each_once()
    {
        var worst = LayoutRules.Judge(Film, [Text(Inside) with { Contrast = 2 }, Text(Inside) with { Contrast = 1.2, Frame = 45 }, Text(Inside) with { Contrast = 2.5 }], "title");

        Assert.Equal(("/tracks/0/clips/1", 1.5), Assert.Single(worst) is var only ? (only.Pointer, only.At) : default);
        Assert.Contains("1.2:1", only.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Knows_what_apps_cover()
    {
        var upright = Film with { Width = 1080, Height = 1920 };
        var text = Text(new Box(150, 1500, 900, 1600));

        Assert.Empty(LayoutRules.Judge(upright, [text], "title"));
        Assert.Equal("text_outside_safe_zone", Assert.Single(LayoutRules.Judge(upright, [text], "tiktok")).Code);
    }

    [Fact]
    public void Looks_at_a_text_where_it_stands_still()
    {
        var layer = new Layer { Label = "", Start = 10, Length = 40, Clip = new TextClip { Text = "x" } };

        Assert.Equal(29, LayoutRules.Rest(layer, _ => false, 90));
        Assert.Equal(36, LayoutRules.Rest(layer, frame => frame < 36, 90));
        Assert.Equal(20, LayoutRules.Rest(layer, frame => frame > 20, 90));
        Assert.Equal(29, LayoutRules.Rest(layer, _ => true, 90));
        Assert.Equal([0, 4, 9], LayoutRules.Some(Enumerable.Range(0, 10), 3));
    }

    [Theory]
    [InlineData(0, 255, 21.0)]
    [InlineData(255, 255, 1.0)]
    [InlineData(0x77, 255, 4.48)]       // the grey that just fails on white
    [InlineData(0x76, 255, 4.54)]
    public void Reckons_contrast_as_WCAG_does(byte letter, byte ground, double ratio) => Assert.Equal(ratio, Contrast.Least(Bars(letter, _ => ground), Letters(), 40)!.Value, 0.02);

    [Fact]
    public void Finds_the_place_where_letters_stand_out_least()
    {
        Assert.Equal(1.0, Contrast.Least(Bars(255, x => x < 300 ? (byte)0 : (byte)255), Letters(), 40)!.Value, 0.05);
        Assert.Null(Contrast.Least(new Picture(400, 80), Letters(), 40));       // over transparency nobody knows
    }

    private static readonly Box Inside = new(200, 200, 800, 400);

    private static string[] Codes(string? code) => code is null ? [] : [code];

    private static string[] Judged(TextFinding finding) => [.. LayoutRules.Judge(Film, [finding], "title").Select(warning => warning.Code)];

    private static TextFinding Text(Box ink, TextClip? clip = null) =>
        new(new Layer { Label = "Track 1, clip 2", Place = "/tracks/0/clips/1", Start = 0, Length = 90, Clip = clip ?? new TextClip { Text = "x" } }, 30, ink, 100, 50, 60, 400, 21);

    // Upright bars as letters, ten wide, every twenty.
    private static Picture Letters() => Painted((x, _) => x % 20 < 10 ? ((byte)255, (byte)255) : ((byte)0, (byte)0));

    private static Picture Bars(byte letter, Func<int, byte> ground) => Painted((x, _) => (x % 20 < 10 ? letter : ground(x), 255));

    private static Picture Painted(Func<int, int, (byte Grey, byte Alpha)> color)
    {
        var picture = new Picture(400, 80);
        for (var i = 0; i < 400 * 80; i++)
        {
            var (grey, alpha) = color(i % 400, i / 400);
            (picture.Pixels[i * 4], picture.Pixels[i * 4 + 1], picture.Pixels[i * 4 + 2], picture.Pixels[i * 4 + 3]) = (grey, grey, grey, alpha);
        }
        return picture;
    }
}

/// <summary>Real texts, laid out and drawn.</summary>
[Trait("Category", "Integration")]
[Collection(RenderHarness.Name)]
public sealed class LintTests(RenderHarness harness)
{
    [Theory]
    [InlineData("""{"fontSize":48,"color":"#777777"}""", "#000000", "")]
    [InlineData("""{"fontSize":48,"color":"#555555"}""", "#000000", "text_low_contrast")]
    [InlineData("""{"fontSize":48,"color":"#ffffff"}""", "#ffff66", "text_low_contrast")]
    [InlineData("""{"fontSize":48,"color":"#ffffff","textStroke":"4px #000000"}""", "#ffff66", "")]
    [InlineData("""{"fontSize":48,"color":"#ffffff","backgroundColor":"#102040","padding":"12px"}""", "#ffff66", "")]
    [InlineData("""{"fontSize":48,"color":"#ffffff","backgroundColor":"#ffffcc","padding":"12px"}""", "#000000", "text_low_contrast")]
    public async Task Sees_letters_with_what_lies_around_them(string style, string ground, string code) => Assert.Equal(code, await CodesAsync($$$"""
        {"size":{"width":640,"height":360},"fps":25,"duration":2,"background":"#808080","tracks":[
          {"clips":[{"type":"color","color":"{{{ground}}}"}]},
          {"clips":[{"type":"text","text":"Hello world","style":{{{style}}},"enter":{"preset":"rise","by":"word","stagger":0.2}}]}]}
        """));

    [Fact]
    public async Task Finds_what_leaves_picture_box_and_safe_zone() => Assert.Equal("text_outside_picture text_outside_safe_zone text_overflow", await CodesAsync("""
        {"size":{"width":640,"height":360},"fps":25,"duration":2,"background":"#000000","tracks":[
          {"clips":[{"type":"text","text":"Out","anchor":"left","x":-40,"style":{"fontSize":60}}]},
          {"clips":[{"type":"text","text":"Edge","anchor":"bottom","y":0,"style":{"fontSize":40}}]},
          {"clips":[{"type":"text","text":"Too many words for such a narrow and low box","width":200,"height":60,"style":{"fontSize":30}}]}]}
        """));

    public static TheoryData<string, string> Library => [.. TemplateLibrary.Names.Select(name => (name, "title")), ("story", "tiktok"), ("story", "reels"), ("story", "shorts")];

    [Theory]
    [MemberData(nameof(Library))]
    public async Task Has_nothing_to_say_about_the_library(string name, string zone) => Assert.Empty(await harness.LintAsync(TemplateLibrary.Find(name)!.Value, zone));

    private async Task<string> CodesAsync(string template) => string.Join(' ', (await harness.LintAsync(System.Text.Json.JsonElement.Parse(template))).Select(warning => warning.Code).Order(StringComparer.Ordinal));
}
