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

    [Fact]
    public async Task Makes_films_of_every_shape_of_one_take_and_those_asked_for_later_without_a_browser()
    {
        await using var host = await CaptureHost.StartAsync();
        var site = await host.UploadPageAsync("<title>Once: is enough</title><body style='margin:0;height:3000px;background:linear-gradient(#114,#48c)'><h1 style='color:#fff;font-size:80px'>Once is enough</h1>");
        FrameFormat wide = new(640, 360), tall = new(360, 640), square = new(360, 360);
        var parameters = new CaptureParameters { Url = site.Url, Duration = 3, Fps = 24, Formats = [wide] };
        var first = await host.CaptureAsync(parameters, site.Index);

        await using var without = await CaptureHost.StartAsync(new() { ["Artifacts:Folder"] = host.StoreFolder, ["Browser:Executable"] = "/nowhere/chromium" });
        var second = await without.CaptureAsync(parameters with { Formats = [tall, square, wide], Camera = new CameraParameters { Intensity = CameraIntensity.Calm } }, site.Index);

        Assert.Equal(first.Outputs["take"].Artifacts[0].Sha256, second.Outputs["take"].Artifacts[0].Sha256);
        Assert.True(second.Outputs["video"].IsList && second.Outputs["thumbnail"].IsList);
        Assert.Equal([(360, 640), (360, 360), (640, 360)], second.Outputs["video"].Artifacts.Select(film => (film.Media!.Width!.Value, film.Media.Height!.Value)));
    }

    [Fact]
    public async Task A_later_job_films_an_address_anew_only_when_the_page_looks_different_if_it_may_reuse()
    {
        await using var site = await BadSite.StartAsync();
        await using var host = await CaptureHost.StartAsync();
        var parameters = new CaptureParameters { Url = site.Url("/changing"), Duration = 3, Fps = 24, Format = Size, Mode = CaptureMode.Scroll, Reuse = true };

        List<bool> reused = [await ReusedAsync(parameters), await ReusedAsync(parameters), await ReusedAsync(parameters with { Reuse = false })];
        site.Headline = "Something new";
        reused.Add(await ReusedAsync(parameters));

        Assert.Equal([false, true, false, false], reused);

        async Task<bool> ReusedAsync(CaptureParameters parameters) => (await host.CaptureAsync(parameters)).Facts["takeReused"].GetBoolean();
    }

    [Fact]
    public async Task Films_its_own_shot_list_when_it_comes_back_edited_without_a_new_take()
    {
        await using var host = await CaptureHost.StartAsync();
        var site = await host.UploadPageAsync("<body style='margin:0;height:1500px;background:linear-gradient(#114,#48c)'><h1 style='color:#fff;font-size:80px'>Once is enough</h1>");
        var parameters = new CaptureParameters { Url = site.Url, Duration = 3, Format = Size };
        var first = await host.CaptureAsync(parameters, site.Index);
        var edited = (await File.ReadAllTextAsync(await host.FileAsync(first.Outputs["shots"].Artifacts[0], "shots.json"))).Replace("Once is enough", "Renamed", StringComparison.Ordinal);

        await using var without = await CaptureHost.StartAsync(new() { ["Artifacts:Folder"] = host.StoreFolder, ["Browser:Executable"] = "/nowhere/chromium" });
        var again = await without.CaptureAsync(parameters with { Shots = Media.Parse("library:shots") }, site.Index, shots: edited);
        var failure = await without.FailAsync(parameters with { Shots = Media.Parse("library:shots") }, site.Index, shots: "{}");

        Assert.Equal(first.Outputs["take"].Artifacts[0].Sha256, again.Outputs["take"].Artifacts[0].Sha256);
        Assert.Contains("Renamed", await File.ReadAllTextAsync(await without.FileAsync(again.Outputs["shots"].Artifacts[0], "shots.json")), StringComparison.Ordinal);
        Assert.Equal("capture.shots_invalid", failure.Code);
    }
}
