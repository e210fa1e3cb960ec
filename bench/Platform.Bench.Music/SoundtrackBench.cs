using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Music.Soundtracks;

namespace Platform.Bench.Music;

/// <summary>
/// How long music takes, against copying the same film and encoding its sound to AAC on the same machine in the same run, and beside the way of one step after another (music mixed in while the picture is encoded
/// again, then the sound brought to its loudness): wall time and processor time, the medians of several rounds (<c>BENCH_ROUNDS</c>, 5), of <c>BENCH_SECONDS</c> (60) of film.
/// </summary>
internal sealed class SoundtrackBench : IAsyncDisposable
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(Costs.Setting("BENCH_SECONDS", 60));

    private readonly string folder = Directory.CreateTempSubdirectory("bench-music-").FullName;
    private readonly ServiceProvider provider = new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddEnvironmentVariables().Build())
        .AddFfmpeg()
        .BuildServiceProvider();

    private readonly MeasuredFfmpeg ffmpeg;

    public SoundtrackBench() => ffmpeg = new MeasuredFfmpeg(provider.GetRequiredService<IFfmpeg>());

    public async ValueTask DisposeAsync()
    {
        await provider.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    public async Task RunAsync()
    {
        const string words = "Welcome. In this short film we show how it works and why people like it. Open the page, choose a template, and press the button. ";
        await MakeAsync("film.mkv", [$"testsrc2=s=1280x720:r=30:d={Length.TotalSeconds}", $"flite=voice=slt:text='{string.Concat(Enumerable.Repeat(words, 12))}'"],
            ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "pcm_s16le", "-ar", "48000", "-ac", "2"]);
        await MakeAsync("song.mp3", ["anoisesrc=d=45:c=pink:a=0.5:r=44100"], ["-ac", "2", "-b:a", "192k"]);

        var plain = new MusicParameters { Video = Media.Parse("@film"), Music = new MediaList([]), Duck = new Ducking(false), Loudness = new LoudnessTarget(false) };
        var whole = plain with { Duck = null, Loudness = null };
        var costs = await Costs.MeasureAsync(ffmpeg, CopyAsync, () => LayAsync(plain), () => LayAsync(whole), StepByStepAsync);
        Console.WriteLine($"{Length.TotalSeconds:0} s of 720p with speech; {Costs.Rounds} rounds, medians");
        Console.WriteLine($"copy + AAC                             {costs[0]}");
        Console.WriteLine($"music, looped                          {costs[1].Beside(costs[0])}   limit 1.30, aim 1.10");
        Console.WriteLine($"music, ducked and levelled, measured   {costs[2].Beside(costs[0])}   limit 2.20, aim 1.80");
        Console.WriteLine($"step by step, at veryfast, unmeasured  {costs[3].Beside(costs[0])}");
    }

    private Task<string> CopyAsync() => ffmpeg.RunAsync(
        new FfmpegCommand
        {
            Inputs = [new FfmpegInput(Path.Combine(folder, "film.mkv"))],
            Outputs = [new FfmpegOutput(Path.Combine(folder, "copy.mp4")) { Maps = ["0:v", "0:a"], Options = ["-c:v", "copy", "-c:a", "aac", "-b:a", "192000", "-movflags", "+faststart"] }],
        },
        folder, null, CancellationToken.None);

    /// <summary>What everybody does first: one run to mix, which encodes the picture too, one for the loudness.</summary>
    private async Task StepByStepAsync()
    {
        await ffmpeg.RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(Path.Combine(folder, "film.mkv")), new FfmpegInput(Path.Combine(folder, "song.mp3")) { Options = ["-stream_loop", "-1"] }],
                Graph = new FilterGraph(Filters.Chain("1:a", "quiet", Filters.Volume(0.3)), new FilterChain(["0:a", "quiet"], [Filters.Mix(2)], ["a"])),
                Outputs = [new FfmpegOutput(Path.Combine(folder, "mixed.mp4")) { Maps = ["0:v", "[a]"], Options = [.. FilmPicture.Options("veryfast", 23, new Rational(30, 1)), "-c:a", "aac", "-b:a", "192000"] }],
            },
            folder, null, CancellationToken.None);
        await ffmpeg.RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(Path.Combine(folder, "mixed.mp4"))],
                Graph = new FilterGraph(Filters.Chain("0:a", "a", new Filter("loudnorm", ("I", -14), ("TP", -1)), Filters.AudioFormat(48_000, "stereo"))),
                Outputs = [new FfmpegOutput(Path.Combine(folder, "levelled.mp4")) { Maps = ["0:v", "[a]"], Options = ["-c:v", "copy", "-c:a", "aac", "-b:a", "192000", "-movflags", "+faststart"] }],
            },
            folder, null, CancellationToken.None);
    }

    private async Task LayAsync(MusicParameters parameters)
    {
        var work = Directory.CreateTempSubdirectory("bench-music-").FullName;
        try
        {
            var laid = await new Soundtrack(ffmpeg, provider.GetRequiredService<IMediaProbe>()).LayAsync(
                new SoundtrackOrder
                {
                    Film = Path.Combine(folder, "film.mkv"),
                    Pieces = [Path.Combine(folder, "song.mp3")],
                    Parameters = parameters,
                    Encode = new FinalEncode { Settings = new EncodeSettings(), WritesResult = true },
                    Folder = work,
                },
                CancellationToken.None);
            if (parameters.Duck is null && !laid.Ducked)
            {
                throw new InvalidOperationException("The speech was not heard.");
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private Task<string> MakeAsync(string name, ImmutableArray<string> sources, ImmutableArray<string> options) => ffmpeg.RunAsync(
        new FfmpegCommand
        {
            Inputs = [.. sources.Select(source => new FfmpegInput(source) { Format = "lavfi" })],
            Outputs = [new FfmpegOutput(Path.Combine(folder, name)) { Options = options, Duration = Length }],
        },
        folder, null, CancellationToken.None);
}
