using System.Collections.Immutable;
using System.Diagnostics;
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
/// How much longer a composition takes than the encode of the same composed frames, lying ready as raw frames in memory files. Rounds in turn, the median of each.
/// </summary>
internal sealed class CompositionBench : IDisposable
{
    private const int Width = 1920, Height = 1080, Fps = 30;

    private readonly string workspace = Directory.CreateTempSubdirectory("bench-composition-").FullName;
    private readonly ServiceProvider services = new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddFfmpeg().BuildServiceProvider();

    private IFfmpeg Tool => services.GetRequiredService<IFfmpeg>();

    public void Dispose()
    {
        services.Dispose();
        Directory.Delete(workspace, recursive: true);
    }

    /// <param name="film">A film to take frames from, of any size; null: a drawn pattern.</param>
    /// <param name="seconds">Length of the film that is made.</param>
    /// <param name="rounds">Rounds for each preset.</param>
    public async Task RunAsync(string? film, double seconds, int rounds)
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
            List<double> bare = [], composed = [];
            for (var n = 0; n <= rounds; n++)
            {
                bare.Add(await SecondsAsync(() => Tool.RunAsync(Encode(ready, FilmEncoding.For(encode), plan), workspace, null, default)));
                composed.Add(await SecondsAsync(() => new Composition(Tool, workspace).ComposeAsync(
                    take, timeline, plan, new FilmSettings { Format = FrameFormat.Wide, Encode = encode }, Path.Combine(workspace, "film.mp4"), _ => { }, default)));
            }
            // The first round warms caches and compiler.
            double limitSeconds = Median(bare.Skip(1)), ours = Median(composed.Skip(1));
            var ratios = bare.Zip(composed, (b, c) => c / b).Skip(1).Order().Select(ratio => ratio.ToString("0.00", CultureInfo.InvariantCulture));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"composition, 1080p30, {preset}: {ours:0.0} s, encode of the same frames {limitSeconds:0.0} s, ratio {Median(bare.Zip(composed, (b, c) => c / b).Skip(1)):0.00} (limit {limit:0.00}; rounds {string.Join(' ', ratios)})"));
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

    private static async Task<double> SecondsAsync(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return clock.Elapsed.TotalSeconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
