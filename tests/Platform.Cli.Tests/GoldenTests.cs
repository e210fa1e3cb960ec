using System.Runtime.CompilerServices;
using Platform.Browser;
using Platform.Cli.Templates;

namespace Platform.Cli.Tests;

/// <summary>Pictures that are compared.</summary>
public sealed class FrameComparisonTests
{
    [Fact]
    public void Finds_equal_pictures_equal()
    {
        var found = FrameComparison.Of(Card(), Card());

        Assert.Equal((1.0, double.PositiveInfinity, 0.0), (Math.Round(found.Ssim, 6), found.Psnr, found.Changed));
    }

    [Fact]
    public void Overlooks_what_nobody_sees_and_counts_what_everybody_does()
    {
        var slight = FrameComparison.Of(Card(), Card(noise: 1));
        var moved = FrameComparison.Of(Card(), Card(shift: 6));

        Assert.True(slight is { Ssim: > 0.99, Changed: 0, Psnr: > 40 }, $"{slight}");
        Assert.True(moved is { Ssim: < 0.97, Changed: > 0.02 }, $"{moved}");
        // Two sides of forty pixels move by six, of 160 × 90.
        Assert.Equal(2 * 6 * 40 / (160.0 * 90), moved.Changed, 6);
    }

    [Fact]
    public void Shows_in_red_where_they_differ()
    {
        var shown = FrameComparison.Difference(Card(), Card(shift: 6));

        Assert.True(shown[42, 40] is { R: > 200, G: 0, B: 0 });
        Assert.True(shown[10, 10] is var (r, g, b) && r == g && g == b);
        Assert.Equal(shown.ToRgba(), PngPicture.Decode(shown.Encode()).ToRgba());
    }

    [Fact]
    public void Counts_what_is_more_transparent() => Assert.Equal(1, FrameComparison.Of(Plain(255), Plain(200)).Changed);

    private static PngPicture Card(int shift = 0, int noise = 0) => Painted((x, y) => (byte)((x - shift is >= 40 and < 80 && y is >= 25 and < 65 ? 230 : 30) + (x * 7 + y * 3) % (noise + 1)), 255);

    private static PngPicture Plain(byte alpha) => Painted((_, _) => 0, alpha);

    private static PngPicture Painted(Func<int, int, byte> grey, byte alpha) => PngPicture.FromRgba(160, 90,
        [.. Enumerable.Range(0, 160 * 90).SelectMany(i => grey(i % 160, i / 160) is var value ? new[] { value, value, value, alpha } : [])]);
}

/// <summary>The templates that come with the product, against the pictures that are kept of them.</summary>
[Trait("Category", "Integration")]
public sealed class GoldenTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("golden-").FullName;

    [Fact]
    public async Task The_library_looks_as_it_did()
    {
        var output = new StringWriter();
        var code = await GoldenCommand.RunAsync(Path.Combine(Root(), "tests", "golden", "library.json"), update: false, Path.Combine(_folder, "differences"), output, TestContext.Current.CancellationToken);

        Assert.True(code == 0, output.ToString());
        Assert.Equal(18, output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task What_changes_is_told_and_shown()
    {
        await WriteAsync("Hello");
        Assert.Equal((1, true), await RunAsync(update: false, "NOT KEPT"));
        Assert.Equal((0, true), await RunAsync(update: true, "kept"));
        Assert.Equal((0, true), await RunAsync(update: false, "as kept"));
        await WriteAsync("Hullo");
        Assert.Equal((1, true), await RunAsync(update: false, "DIFFERS"));
        Assert.True(File.Exists(Path.Combine(_folder, "differences", "card-0.png")) && File.Exists(Path.Combine(_folder, "differences", "card-0.difference.png")));
    }

    [Fact]
    public async Task Tells_every_mistake_of_the_file()
    {
        var path = Path.Combine(_folder, "bad.json");
        await File.WriteAllTextAsync(path, """{"ssim":2,"frames":[{"template":"quote","at":[]}],"more":1}""");

        var told = Assert.Throws<CommandException>(() => GoldenFrames.Read(path));

        Assert.Equal(2, told.ExitCode);
        Assert.All(["/ssim", "/frames/0/at", "/more"], place => Assert.Contains(place, told.Message, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task WriteAsync(string text)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "card.json"), $$$"""{"size":{"width":160,"height":90},"duration":1,"tracks":[{"clips":[{"type":"text","text":"{{{text}}}","style":{"fontSize":40}}]}]}""");
        await File.WriteAllTextAsync(Path.Combine(_folder, "frames.json"), """{"frames":[{"template":"card.json","at":[0]}]}""");
    }

    private async Task<(int Code, bool Said)> RunAsync(bool update, string word)
    {
        var output = new StringWriter();
        var code = await GoldenCommand.RunAsync(Path.Combine(_folder, "frames.json"), update, Path.Combine(_folder, "differences"), output, TestContext.Current.CancellationToken);
        return (code, output.ToString().Contains(word, StringComparison.Ordinal));
    }

    private static string Root([CallerFilePath] string path = "")
    {
        while (!File.Exists(Path.Combine(path, "Platform.sln"))) path = Path.GetDirectoryName(path)!;
        return path;
    }
}
