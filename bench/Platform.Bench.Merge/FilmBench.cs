using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Merge.Films;

namespace Platform.Bench.Merge;

/// <summary>
/// How long a merge takes, against encoding the same frames lying ready, and beside the scene-by-scene way (each scene encoded by itself, then joined by copy): wall time and processor time, the medians
/// of several rounds in one run. <c>BENCH_ROUNDS</c> (5) and <c>BENCH_SECONDS</c> of each of six scenes (5) make it shorter.
/// </summary>
internal sealed class FilmBench : IAsyncDisposable
{
    private const int Width = 1280;
    private const int Height = 720;
    private const int Fps = 30;
    private static readonly int Seconds = Costs.Setting("BENCH_SECONDS", 5);

    private readonly string folder = Directory.CreateTempSubdirectory("bench-merge-").FullName;
    private readonly ServiceProvider provider = new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddEnvironmentVariables().Build())
        .AddFfmpeg()
        .BuildServiceProvider();

    private readonly MeasuredFfmpeg ffmpeg;

    public FilmBench() => ffmpeg = new MeasuredFfmpeg(provider.GetRequiredService<IFfmpeg>());

    private IMediaProbe Probe => provider.GetRequiredService<IMediaProbe>();

    public async ValueTask DisposeAsync()
    {
        await provider.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    public async Task RunAsync()
    {
        var scenes = await MakeMixedAsync();
        var parameters = Parameters(scenes) with { Format = new FrameFormat(Width, Height), Fps = Fps };
        var (frames, sound) = await MakeReadyAsync(parameters, scenes);
        Console.WriteLine($"{scenes.Count} scenes of {Seconds} s, of five sizes and rates, with voice-overs, to {Width} × {Height} at {Fps}/s; {Costs.Rounds} rounds, medians");
        foreach (var (preset, limit) in new[] { ("medium", 1.15), ("veryfast", 1.5) })
        {
            var encode = new FinalEncode { Settings = new EncodeSettings { Preset = preset }, WritesResult = true };
            var faded = parameters with { Transition = new TransitionList([new Transition("fade")], false) };
            var results = await Costs.MeasureAsync(
                ffmpeg,
                () => EncodeReadyAsync(frames, sound, encode),
                () => MergeAsync(parameters, scenes, encode),
                () => MergeAsync(faded, scenes, encode),
                () => SceneBySceneAsync(scenes, encode));
            Console.WriteLine($"{preset}: the frames lying ready                    {results[0]}");
            Console.WriteLine($"{preset}: merged                                    {results[1].Beside(results[0])}   limit {limit.ToString(CultureInfo.InvariantCulture)}");
            Console.WriteLine($"{preset}: merged, with a fade at every join         {results[2].Beside(results[0])}");
            Console.WriteLine($"{preset}: scene by scene, then joined               {results[3].Beside(results[0])}   merged must not be slower");
        }

        var alike = await MakeAlikeAsync();
        var final = new FinalEncode { Settings = new EncodeSettings { Preset = "veryfast" }, WritesResult = true };
        var (ready, readySound) = await MakeReadyAsync(Parameters(alike), alike);
        var copies = await Costs.MeasureAsync(ffmpeg, () => EncodeReadyAsync(ready, readySound, final), () => MergeAsync(Parameters(alike), alike, final, copied: true));
        Console.WriteLine($"scenes that conform, encoded at veryfast            {copies[0]}");
        Console.WriteLine($"scenes that conform, joined by copy                 {copies[1].Beside(copies[0])}   limit 0.05");
    }

    private static MergeParameters Parameters(List<SceneFiles> scenes) => new()
    {
        Scenes = [.. scenes.Select(scene => new MergeScene { Video = Media.Parse("library:video"), Voiceover = scene.Voice is null ? null : Media.Parse("library:voice") })],
    };

    private async Task<List<SceneFiles>> MakeMixedAsync()
    {
        (string Size, string Rate)[] kinds = [("1920x1080", "30"), ("1280x720", "30"), ("1080x1920", "25"), ("1280x720", "60"), ("854x480", "24"), ("1920x1080", "30000/1001")];
        var scenes = new List<SceneFiles>();
        foreach (var (size, rate) in kinds)
        {
            var number = scenes.Count;
            // moving detail over a slow gradient: neither a still picture nor noise
            await MakeAsync(
                $"video-{number}.mp4", [$"gradients=s={size}:r={rate}:speed=0.02:seed={number}:d={Seconds + 1}", $"testsrc2=s=640x360:r={rate}:d={Seconds + 1}", $"sine={300 + (100 * number)}:d={Seconds + 1}"],
                ["-filter_complex", "[0][1]overlay=x=60+40*t:y=80,format=yuv420p[v]", "-map", "[v]", "-map", "2:a", "-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-c:a", "aac", "-t", $"{Seconds + 1}"]);
            await MakeAsync($"voice-{number}.wav", [$"sine=200:d={Seconds}"], ["-ac", "1"]);
            scenes.Add(new SceneFiles(PathOf($"video-{number}.mp4"), PathOf($"voice-{number}.wav")));
        }

        return scenes;
    }

    private async Task<List<SceneFiles>> MakeAlikeAsync()
    {
        var scenes = new List<SceneFiles>();
        for (var number = 0; number < 6; number++)
        {
            await MakeAsync(
                $"alike-{number}.mp4", [$"gradients=s={Width}x{Height}:r={Fps}:speed=0.02:seed={number}:d={Seconds * 2}", $"testsrc2=s=640x360:r={Fps}:d={Seconds * 2}", $"sine={300 + (100 * number)}:d={Seconds * 2}"],
                ["-filter_complex", "[0][1]overlay=x=60+20*t:y=80,format=yuv420p[v]", "-map", "[v]", "-map", "2:a", "-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-c:a", "aac", "-t", $"{Seconds * 2}"]);
            scenes.Add(new SceneFiles(PathOf($"alike-{number}.mp4"), null));
        }

        return scenes;
    }

    /// <summary>A merge's frames and sound, made by itself, raw.</summary>
    private async Task<(string Frames, string Sound)> MakeReadyAsync(MergeParameters parameters, List<SceneFiles> scenes)
    {
        var (frames, sound) = (PathOf($"ready-{scenes[0].Voice is null}.yuv"), PathOf($"ready-{scenes[0].Voice is null}.wav"));
        await MergeAsync(parameters, scenes, new FinalEncode { Settings = new EncodeSettings { Preset = "ultrafast", Crf = 0 }, WritesResult = false }, then: film => ffmpeg.RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(film.Path)],
                Outputs =
                [
                    new FfmpegOutput(frames) { Maps = ["0:v"], Options = ["-pix_fmt", "yuv420p"], Format = "rawvideo" },
                    new FfmpegOutput(sound) { Maps = ["0:a"], Options = ["-c:a", "pcm_f32le"] },
                ],
            },
            folder, null, CancellationToken.None));
        return (frames, sound);
    }

    private Task<string> EncodeReadyAsync(string frames, string sound, FinalEncode encode)
    {
        var encoding = FilmEncoding.For(encode);
        return ffmpeg.RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(frames) { Format = "rawvideo", Options = ["-pixel_format", "yuv420p", "-video_size", $"{Width}x{Height}", "-framerate", $"{Fps}"] }, new FfmpegInput(sound)],
                Outputs = [new FfmpegOutput(PathOf("ready.mp4")) { Maps = ["0:v", "1:a"], Options = [.. encoding.Picture(new Rational(Fps, 1)), .. encoding.Sound], Format = "mp4" }],
            },
            folder, null, CancellationToken.None);
    }

    private async Task MergeAsync(MergeParameters parameters, List<SceneFiles> scenes, FinalEncode encode, bool? copied = null, Func<Film, Task>? then = null)
    {
        var work = Directory.CreateDirectory(PathOf("work")).FullName;
        try
        {
            var film = await new FilmMaker(ffmpeg, Probe).MakeAsync(new FilmOrder { Scenes = scenes, Parameters = parameters, Encode = encode, Folder = work }, CancellationToken.None);
            if (copied is { } expected && film.Copied != expected)
            {
                throw new InvalidOperationException($"Copied: {film.Copied}.");
            }

            await (then?.Invoke(film) ?? Task.CompletedTask);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>What everybody does first: one run for each scene, one to join them.</summary>
    private async Task SceneBySceneAsync(List<SceneFiles> scenes, FinalEncode encode)
    {
        var encoding = FilmEncoding.For(encode);
        foreach (var (number, scene) in scenes.Index())
        {
            await ffmpeg.RunAsync(
                new FfmpegCommand
                {
                    Inputs = [new FfmpegInput(scene.Video), new FfmpegInput(scene.Voice!)],
                    Graph = new FilterGraph(
                        Filters.Chain("0:v", "v", new Filter("scale", ("w", Width), ("h", Height), ("force_original_aspect_ratio", "increase")), Filters.Crop(Width, Height), Filters.SquarePixels(), Filters.Fps(Fps), Filters.PixelFormat("yuv420p")),
                        Filters.Chain("0:a", "own", Filters.Volume(0.2)),
                        Filters.Chain("1:a", "voice", Filters.AudioFormat(MergePlan.SampleRate, "stereo")),
                        new FilterChain(["voice", "own"], [Filters.Mix(2)], ["a"])),
                    Outputs = [new FfmpegOutput(PathOf($"scene-{number}.mp4")) { Maps = ["[v]", "[a]"], Options = [.. encoding.Picture(new Rational(Fps, 1)), .. encoding.Sound], Duration = TimeSpan.FromSeconds(Seconds) }],
                },
                folder, null, CancellationToken.None);
        }

        // Its AAC overlaps at every join, which stops a strict ffmpeg: a little room for each.
        await File.WriteAllLinesAsync(PathOf("list"), ["ffconcat version 1.0", .. scenes.SelectMany((_, number) => (string[])[$"file scene-{number}.mp4", $"duration {Seconds}.05"])]);
        await ffmpeg.RunAsync(
            new FfmpegCommand { Inputs = [new FfmpegInput(PathOf("list")) { Format = "concat" }], Outputs = [new FfmpegOutput(PathOf("joined.mp4")) { Options = ["-c", "copy", "-movflags", "+faststart"] }] },
            folder, null, CancellationToken.None);
    }

    private Task<string> MakeAsync(string name, ImmutableArray<string> sources, ImmutableArray<string> options) => ffmpeg.RunAsync(
        new FfmpegCommand
        {
            Inputs = [.. sources.Select(source => new FfmpegInput(source) { Format = "lavfi" })],
            Outputs = [new FfmpegOutput(PathOf(name)) { Options = options }],
        },
        folder, null, CancellationToken.None);

    private string PathOf(string name) => Path.Combine(folder, name);
}
