using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Platform.Browser.Tests;

/// <summary>A rasteriser that counts the browsers it starts.</summary>
public sealed class TextStudio : IAsyncDisposable
{
    private readonly ServiceProvider services;

    public TextStudio()
    {
        var registered = new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddTextRasteriser();
        registered.AddSingleton<BrowserLauncher>();
        registered.AddSingleton<IBrowserLauncher>(provider => new CountingLauncher(provider.GetRequiredService<BrowserLauncher>(), this));
        services = registered.BuildServiceProvider();
    }

    public int Launches { get; private set; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("text-tests-").FullName;

    public Task<System.Collections.Immutable.ImmutableArray<RasterisedText>> DrawAsync(params IReadOnlyList<TextBlock> blocks) =>
        services.GetRequiredService<ITextRasteriser>().RasteriseAsync(blocks, Folder, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private sealed class CountingLauncher(BrowserLauncher launcher, TextStudio studio) : IBrowserLauncher
    {
        public Task<ChromiumBrowser> LaunchAsync(BrowserSession session, CancellationToken cancellationToken)
        {
            studio.Launches++;
            return launcher.LaunchAsync(session, cancellationToken);
        }
    }
}

[Trait("Category", "Integration")]
public sealed class TextRasteriserTests(TextStudio studio) : IClassFixture<TextStudio>
{
    private const string FontFile = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf";
    private static readonly TextStyle Plain = new() { Size = 48 };

    [Theory]
    [InlineData("Hello, AVATAR office:\nmove every word", null, TextUnit.Word)]
    [InlineData("مرحبا بالعالم hello 123", null, TextUnit.Word)]
    [InlineData("日本語のテキスト。「引用」です", "ja", TextUnit.Word)]
    [InlineData("नमस्ते दुनिया, café e\u0301", null, TextUnit.Line)]
    [InlineData("Fly 👨‍👩‍👧‍👦 🇩🇪!", null, TextUnit.Letter)]
    public async Task Units_drawn_over_one_another_are_the_block(string text, string? language, TextUnit unit)
    {
        // Letters that were shadowed or touched would be drawn twice at their edges: keep them apart to compare.
        var style = Plain with { Weight = 700, MaxWidth = 500, Language = language, LetterSpacing = unit == TextUnit.Letter ? 6 : 0, Background = new("#204080") { PaddingX = 20, PaddingY = 10, Radius = 12 } };

        var made = await studio.DrawAsync(new TextBlock(text, style), new TextBlock(text, style) { Unit = unit });

        Assert.Equal((made[0].Width, made[0].Height, made[0].Lines), (made[1].Width, made[1].Height, made[1].Lines));
        Assert.True(made[1].Pieces[0].IsBackground);
        var difference = Difference(Stack(made[0]), Stack(made[1]));
        Assert.True(difference < 0.05, $"They differ by {difference} of 255 on average.");
    }

    [Fact]
    public async Task An_emoji_of_many_code_points_is_one_letter_and_counts_go_in_reading_order()
    {
        var made = await studio.DrawAsync(new TextBlock("Hi 👨‍👩‍👧‍👦\n👍🏽", Plain) { Unit = TextUnit.Letter });

        Assert.Equal(["H", "i", "👨‍👩‍👧‍👦", "👍🏽"], made[0].Pieces.Select(piece => piece.Text));
        Assert.Equal([(0, 0, 0), (0, 0, 1), (0, 1, 2), (1, 2, 3)], made[0].Pieces.Select(piece => (piece.Line!.Value, piece.Word!.Value, piece.Letter!.Value)));
    }

    [Fact]
    public async Task Words_of_right_to_left_text_stand_from_right_to_left()
    {
        var made = await studio.DrawAsync(new TextBlock("שלום עולם טוב", Plain) { Unit = TextUnit.Word });

        Assert.Equal(["שלום", "עולם", "טוב"], made[0].Pieces.Select(piece => piece.Text));
        Assert.Equal(made[0].Pieces.Select(piece => piece.X).OrderDescending(), made[0].Pieces.Select(piece => piece.X));
    }

    [Fact]
    public async Task Markup_is_text()
    {
        const string text = "<img src=x onerror='document.title=1'></div><b>&amp;";

        var made = await studio.DrawAsync(new TextBlock(text, Plain), new TextBlock(new string('x', 5), Plain));

        Assert.Equal(text, made[0].Pieces.Single().Text);
        Assert.True(made[0].Width > 5 * made[1].Width);
    }

    [Fact]
    public async Task A_font_file_is_used_and_its_browser_is_not_used_again()
    {
        var own = new TextBlock("Wide letters", Plain with { Families = ["Brand"], Weight = 700 }) { Fonts = [new TextFont("Brand", FontFile)] };
        var made = await studio.DrawAsync(own, own with { Fonts = [], Style = own.Style with { Families = ["DejaVu Sans"] } }, own with { Fonts = [], Style = Plain });
        Assert.Equal(made[1].Width, made[0].Width);
        Assert.NotEqual(made[2].Width, made[0].Width);

        // "Brand" is another caller's now, and unknown.
        var unknown = await Assert.ThrowsAsync<TextException>(() => studio.DrawAsync(own with { Fonts = [] }));
        Assert.Equal(TextFault.UnknownFont, unknown.Problems.Single().Fault);

        var before = studio.Launches;
        await studio.DrawAsync(new TextBlock("one", Plain));
        await studio.DrawAsync(new TextBlock("two", Plain));
        Assert.Equal(before, studio.Launches);
    }

    [Fact]
    public async Task Every_block_that_cannot_be_drawn_is_named()
    {
        var e = await Assert.ThrowsAsync<TextException>(() => studio.DrawAsync(
            new TextBlock("fine", Plain), new TextBlock("a", Plain with { Families = ["No Such", "Nor This"] }), new TextBlock("b", Plain with { Families = ["Comic Nonsense"] })));
        Assert.Equal([(1, TextFault.UnknownFont), (2, TextFault.UnknownFont)], e.Problems.Select(problem => (problem.Block, problem.Fault)));

        e = await Assert.ThrowsAsync<TextException>(() => studio.DrawAsync(
            new TextBlock("a", Plain with { Color = "red; background: url(http://example.com)" }),
            new TextBlock("b", Plain with { Gradient = new(90, new("#fff"), new("url(x)")) })));
        Assert.Equal([(0, TextFault.UnknownColor), (1, TextFault.UnknownColor)], e.Problems.Select(problem => (problem.Block, problem.Fault)));

        var broken = Path.Combine(studio.Folder, "broken.ttf");
        await File.WriteAllTextAsync(broken, "no font", TestContext.Current.CancellationToken);
        e = await Assert.ThrowsAsync<TextException>(() => studio.DrawAsync(new TextBlock("a", Plain with { Families = ["Mine"] }) { Fonts = [new TextFont("Mine", broken)] }));
        Assert.Equal(TextFault.UnreadableFont, e.Problems.Single().Fault);

        e = await Assert.ThrowsAsync<TextException>(() => studio.DrawAsync(new TextBlock(new string('x', 1001), Plain with { MaxWidth = 400 }) { Unit = TextUnit.Letter }));
        Assert.Equal(TextFault.TooLarge, e.Problems.Single().Fault);
    }

    // The pieces over one another on grey, in a frame with room for what leaves the box.
    private static byte[] Stack(RasterisedText text)
    {
        const int room = 80;
        var (width, height) = (text.Width + (2 * room), text.Height + (2 * room));
        var canvas = new byte[width * height * 3];
        Array.Fill(canvas, (byte)128);
        foreach (var piece in text.Pieces)
        {
            var picture = PngPicture.Decode(File.ReadAllBytes(piece.Path));
            Assert.Equal((piece.Width, piece.Height), (picture.Width, picture.Height));
            for (var y = 0; y < picture.Height; y++)
            {
                var row = picture.Row(y);
                for (var x = 0; x < picture.Width; x++)
                {
                    var pixel = row.Slice(x * 4, 4);
                    var at = (((y + piece.Y + room) * width) + x + piece.X + room) * 3;
                    for (var channel = 0; channel < 3; channel++)
                    {
                        canvas[at + channel] = (byte)(((pixel[channel] * pixel[3]) + (canvas[at + channel] * (255 - pixel[3])) + 127) / 255);
                    }
                }
            }
        }

        return canvas;
    }

    private static double Difference(byte[] one, byte[] other) => one.Zip(other, (a, b) => (double)Math.Abs(a - b)).Average();
}
