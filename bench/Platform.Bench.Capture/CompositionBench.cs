using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Platform.Capture.Camera;
using Platform.Capture.Takes;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Pictures;
using CameraIntensity = Platform.Capture.Takes.CameraIntensity;

namespace Platform.Bench.Capture;

/// <summary>
/// How much longer a composition takes than the encode of the same composed frames, lying ready as raw frames in memory files, by the clock and by the processor's time. Rounds in turn, the median of each.
/// </summary>
internal sealed class CompositionBench : IDisposable
{
    private const int Width = 1920, Height = 1080, Fps = 30;

    private readonly string workspace = Directory.CreateTempSubdirectory("bench-composition-").FullName;
    private readonly ServiceProvider services = new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddFfmpeg().BuildServiceProvider();

    private MeasuredFfmpeg? tool;

    private MeasuredFfmpeg Tool => tool ??= new MeasuredFfmpeg(services.GetRequiredService<IFfmpeg>());

    public void Dispose()
    {
        services.Dispose();
        Directory.Delete(workspace, recursive: true);
    }

    /// <param name="film">A film to take frames from, of any size; null: a drawn pattern.</param>
    /// <param name="seconds">Length of the film that is made.</param>
    public async Task RunAsync(string? film, double seconds)
    {
        var plan = Director.Plan(Page(), new PlanSettings
        {
            ViewportWidth = 1280, ViewportHeight = 720, Formats = [FrameFormat.Wide], Duration = seconds, Fps = Fps, Intensity = CameraIntensity.Normal,
        });
        var take = await TakeAsync(film, plan);
        var timeline = new Timeline
        {
            Url = "http://bench.invalid/", Title = "", Fps = Fps, Frames = plan.Frames, ViewportWidth = 1280, ViewportHeight = 720, DeviceScale = 1.5,
            FrameWidth = Width, FrameHeight = Height, Page = Page(), ScrollY = [.. Enumerable.Range(0, plan.Frames).Select(plan.ScrollAt)],
        };
        var ready = await ReadyAsync(take, timeline, plan);

        foreach (var (preset, limit) in new[] { ("medium", 1.20), ("veryfast", 1.50) })
        {
            var encode = new FinalEncode { Settings = new EncodeSettings { Preset = preset, Crf = 18 }, WritesResult = true };
            var costs = await Costs.MeasureAsync(
                Tool,
                () => Tool.RunAsync(Encode(ready, FilmEncoding.For(encode), plan), workspace, null, default),
                () => new Composition(Tool, workspace).ComposeAsync(
                    take, timeline, plan, new FilmSettings { Format = FrameFormat.Wide, Encode = encode }, Path.Combine(workspace, "film.mp4"), _ => { }, default));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"composition, {plan.Frames} frames of 1080p30, {preset}: {costs[1].Beside(costs[0])} of the encode of the same frames, {costs[0]} (limit {limit:0.00} ×)"));
        }
    }

    // What the encoder gets from us, kept as raw frames.
    private async Task<string> ReadyAsync(string take, Timeline timeline, ShotPlan plan)
    {
        var path = Path.Combine(workspace, "ready.yuv");
        PictureSize size = new(Width, Height);
        byte[] from = FrameSampler.Frame(size), to = FrameSampler.Frame(size);
        var track = new CameraTrack(plan, FrameFormat.Wide);
        var scene = new Scene(timeline, size, size, null, []);
        await using var file = File.Create(path);
        await Tool.RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(take)],
                Outputs = [new FfmpegOutput("pipe:1") { Format = "rawvideo", Maps = ["0:v:0"], Options = ["-pix_fmt", "yuv420p"] }],
                Output = async (stream, token) =>
                {
                    for (var n = 0; n < plan.Frames; n++)
                    {
                        await stream.ReadExactlyAsync(from.AsMemory(0, size.Bytes), token);
                        scene.Draw(from, to, n, track.At(n));
                        await file.WriteAsync(to.AsMemory(0, size.Bytes), token);
                    }
                },
            },
            workspace, null, default);
        return path;
    }

    private static FfmpegCommand Encode(string ready, FilmEncoding film, ShotPlan plan) => new()
    {
        Inputs = [new FfmpegInput(ready) { Format = "rawvideo", Options = ["-pixel_format", "yuv420p", "-video_size", $"{Width}x{Height}", "-framerate", $"{Fps}"] }],
        Outputs = [film.Output(Path.Combine(Path.GetDirectoryName(ready)!, "bare.mp4"), "0:v", plan.Fps, plan.Frames)],
    };

    private async Task<string> TakeAsync(string? film, ShotPlan plan)
    {
        var path = Path.Combine(workspace, "take.mkv");
        await Tool.RunAsync(
            new FfmpegCommand
            {
                Inputs = [film is null ? new FfmpegInput($"testsrc2=s={Width}x{Height}:r={Fps}") { Format = "lavfi" } : new FfmpegInput(Path.GetFullPath(film))],
                Graph = new FilterGraph(Filters.Chain("0:v:0", "take", Filters.Fps(Fps), Filters.Scale(Width, Height), Filters.PixelFormat("yuv420p"))),
                Outputs = [FilmEncoding.Intermediate.Output(path, "[take]", Fps, plan.Frames)],
            },
            workspace, null, default);
        return path;
    }

    private static PageMap Page() => new()
    {
        Width = 1280,
        Height = 3000,
        Elements = ImmutableArray.CreateRange(Enumerable.Range(0, 8).Select(n => new PageElement
        {
            Kind = PageElementKind.Heading, Level = n == 0 ? 1 : 2, Box = new Box(200 + 40 * n, 160 + 360 * n, 700, 120), Text = $"Heading {n}", Weight = 0.8,
        })),
    };
}
