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

    [Fact]
    public async Task Another_encode_of_the_same_film_needs_no_browser()
    {
        await using var host = await CaptureHost.StartAsync();
        var site = await host.UploadPageAsync("<body style='margin:0;height:2000px;background:linear-gradient(#114,#48c)'><h1 style='color:#fff;font-size:80px'>Once is enough</h1>");
        var parameters = new CaptureParameters { Url = site.Url, Duration = 3, Format = Size };
        var first = await host.CaptureAsync(parameters, site.Index);

        await using var without = await CaptureHost.StartAsync(new() { ["Artifacts:Folder"] = host.StoreFolder, ["Browser:Executable"] = "/nowhere/chromium" });
        var second = await without.CaptureAsync(parameters, site.Index, new FinalEncode { Settings = new EncodeSettings { Preset = "ultrafast" }, WritesResult = true });

        Assert.Equal(first.Outputs["take"].Artifacts[0].Sha256, second.Outputs["take"].Artifacts[0].Sha256);
        Assert.Equal("video/mp4", second.Outputs["video"].Artifacts[0].ContentType);
        Assert.Equal("capture.browser_missing", (await without.FailAsync(parameters with { Dark = true }, site.Index)).Code);
    }
}
