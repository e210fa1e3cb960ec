using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Platform.Capture.Takes;
using Platform.Ffmpeg;

namespace Platform.Capture.Tests;

/// <summary>A take has the page's colours: a grey without a tint, white that is white.</summary>
[Trait("Category", "Integration")]
public sealed class TakeEncodingTests : IDisposable
{
    private const int Side = 64;

    private readonly string workspace = Directory.CreateTempSubdirectory("take-").FullName;
    private readonly ServiceProvider services = new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddFfmpeg().BuildServiceProvider();

    private IFfmpeg Tool => services.GetRequiredService<IFfmpeg>();

    public void Dispose()
    {
        services.Dispose();
        Directory.Delete(workspace, recursive: true);
    }

    // Y, Cb, Cr by ITU-R BT.709, limited range: 16 + 219 Y', 128 + 224 C'. JPEG has rounded the colour before, so that may be one off.
    [Theory]
    [InlineData("0x000000", 16, 128, 128, 0)]
    [InlineData("0x202020", 43, 128, 128, 0)]
    [InlineData("0x808080", 126, 128, 128, 0)]
    [InlineData("0xF8F8F8", 229, 128, 128, 0)]
    [InlineData("0xFFFFFF", 235, 128, 128, 0)]
    [InlineData("0xFF0000", 63, 102, 240, 1)]
    [InlineData("0x0B3D4A", 60, 139, 106, 1)]
    public async Task Keeps_colours_as_the_page_has_them(string colour, int luma, int blue, int red, int rounding)
    {
        var take = Path.Combine(workspace, "take.mkv");
        await Tool.RunAsync(TakeEncoding.Command(30, take, await PictureAsync(colour)), workspace, null, TestContext.Current.CancellationToken);

        var frame = await Tools.RunAsync("ffmpeg", "-v", "error", "-i", take, "-frames:v", "1", "-pix_fmt", "yuv420p", "-f", "rawvideo", "pipe:1");

        const int middle = Side * Side / 2 + Side / 2, quarter = Side * Side / 4, chroma = quarter / 2 + Side / 4;
        Assert.Equal(Side * Side + 2 * quarter, frame.Length);
        Assert.InRange(frame[middle], luma - rounding, luma + rounding);
        Assert.InRange(frame[Side * Side + chroma], blue - rounding, blue + rounding);
        Assert.InRange(frame[Side * Side + quarter + chroma], red - rounding, red + rounding);
    }

    private static async Task<Func<Stream, CancellationToken, Task>> PictureAsync(string colour)
    {
        var jpeg = await Tools.RunAsync(
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i", $"color=c={colour}:s={Side}x{Side}", "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "1", "-pix_fmt", "yuvj420p", "-f", "image2pipe", "pipe:1");
        return async (stream, token) => await stream.WriteAsync(jpeg, token);
    }
}
