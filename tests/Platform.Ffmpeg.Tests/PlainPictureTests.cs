namespace Platform.Ffmpeg.Tests;

/// <summary>Whatever weights, range, pixels and size a picture has, its colours come out as films have them.</summary>
[Trait("Category", "Integration")]
public sealed class PlainPictureTests
{
    private const int Width = 64, Height = 48;

    private static readonly (int R, int G, int B)[] Colours = [(0, 0, 0), (32, 32, 32), (128, 128, 128), (248, 248, 248), (255, 255, 255), (255, 0, 0), (0, 128, 0), (11, 61, 74), (242, 182, 50)];

    public static TheoryData<string, string, string> Sources => new()
    {
        { "yuv420p", "64x48", "smpte170m tv" }, { "yuvj420p", "64x48", "bt470bg pc" }, { "yuv420p", "66x50", "bt709 pc" }, { "yuv444p", "641x361", "smpte170m tv" }, { "yuv420p", "81x45", "smpte170m tv" },
        { "yuvj444p", "65x49", "bt470bg pc" }, { "yuv422p10le", "96x54", "bt470bg tv" }, { "yuva420p", "64x48", "smpte170m tv" }, { "yuv411p", "100x48", "smpte170m tv" }, { "yuv420p", "128x96", "bt709 tv" },
    };

    [Theory, MemberData(nameof(Sources))]
    public async Task Keeps_colours(string format, string size, string weights)
    {
        await using var test = new TestFfmpeg();
        var (matrix, range) = (weights.Split(' ')[0], weights.Split(' ')[1]);
        var depth = format.EndsWith("10le", StringComparison.Ordinal) ? 4 : 1;
        foreach (var colour in Colours)
        {
            var (luma, blue, red) = Weighed(colour, matrix, range == "pc");
            var source = await test.MakeAsync(
                "source.mkv", $"-f lavfi -i nullsrc=s={size},format={format},geq=lum={luma * depth}:cb={blue * depth}:cr={red * depth} -frames:v 1 -colorspace {matrix} -color_range {range} -c:v ffv1");
            var picture = (await test.Probe.ProbeAsync(source, TestContext.Current.CancellationToken)).RequireVideo();

            using var bytes = new MemoryStream();
            await test.Ffmpeg.RunAsync(
                new FfmpegCommand
                {
                    Inputs = [new FfmpegInput(source)],
                    Graph = new FilterGraph(Filters.Chain("0:v:0", "plain", [.. PlainPicture.Sized(picture, Width, Height)])),
                    Outputs = [new FfmpegOutput("pipe:1") { Format = "rawvideo", Maps = ["[plain]"], Options = ["-frames:v", "1"] }],
                    Output = async (stream, token) => await stream.CopyToAsync(bytes, token),
                },
                test.Folder, null, TestContext.Current.CancellationToken);

            const int pixels = Width * Height;
            var frame = bytes.ToArray();
            Assert.Equal(pixels * 3 / 2, frame.Length);
            var expected = Weighed(colour, "bt709", full: false);
            // Eight bits before and after: a colour may have been rounded twice. What is grey stays grey.
            var rounding = colour.R == colour.G && colour.G == colour.B ? 0 : 2;
            foreach (var (plane, wanted) in new[] { (frame[pixels / 2], expected.Y), (frame[pixels + (pixels / 8)], expected.U), (frame[pixels + (pixels / 4) + (pixels / 8)], expected.V) })
                Assert.True(Math.Abs(plane - wanted) <= (wanted == expected.Y ? Math.Max(1, rounding) : rounding), $"{colour}: {plane}, not {wanted}");
        }
    }

    // ITU-R BT.601 and BT.709: Y' by the weights, colour differences to their range.
    private static (int Y, int U, int V) Weighed((int R, int G, int B) colour, string matrix, bool full)
    {
        var (kr, kb) = matrix == "bt709" ? (0.2126, 0.0722) : (0.299, 0.114);
        var y = (kr * colour.R) + ((1 - kr - kb) * colour.G) + (kb * colour.B);
        var (u, v) = ((colour.B - y) / (2 * (1 - kb)), (colour.R - y) / (2 * (1 - kr)));
        return full
            ? (Level(y), Level(128 + u), Level(128 + v))
            : (Level(16 + (y * 219 / 255)), Level(128 + (u * 224 / 255)), Level(128 + (v * 224 / 255)));
    }

    private static int Level(double value) => (int)Math.Clamp(Math.Round(value), 0, 255);
}
