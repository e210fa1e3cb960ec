using System.Diagnostics;
using Platform.Contracts;

namespace Platform.Capture.Tests;

[Trait("Category", "Integration")]
public sealed class CapturePageTests
{
    private const double Seconds = 6;
    private static readonly FrameFormat Size = new(960, 540);
    private static readonly string Example = Path.Combine(AppContext.BaseDirectory, "site");

    [Fact]
    public async Task Films_an_uploaded_site()
    {
        await using var host = await CaptureHost.StartAsync();
        var site = await host.UploadAsync(Directory.EnumerateFiles(Example).ToDictionary(file => Path.GetFileName(file), File.ReadAllText));
        var clock = Stopwatch.StartNew();
        var done = await host.CaptureAsync(
            new CaptureParameters { Url = site.Url, Duration = Seconds, Format = Size }, site.Index,
            new FinalEncode { Settings = new EncodeSettings { Preset = "veryfast" }, WritesResult = true });

        Assert.Equal(["shots", "take", "thumbnail", "video"], done.Outputs.Keys.Order());
        var video = done.Outputs["video"].Artifacts[0];
        Assert.Equal((Size.Width, Size.Height, 30.0, "h264"), (video.Media!.Width, video.Media.Height, video.Media.FrameRate, video.Media.VideoCodec));
        Assert.Equal(Seconds, video.Media.Duration!.Value, 0.034);
        TestContext.Current.SendDiagnosticMessage($"filmed in {clock.Elapsed}");
        if (Environment.GetEnvironmentVariable("KEEP_FILMS") is { } folder)
        {
            foreach (var (name, output) in done.Outputs)
            {
                File.Copy(await host.FileAsync(output.Artifacts[0], name), Path.Combine(folder, name), overwrite: true);
            }
        }
    }
}
