using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Music.Soundtracks;

namespace Platform.Bench.Music;

/// <summary>How long music takes, against copying the same film and encoding its sound to AAC on the same machine in the same run: wall time and processor time, the medians of several rounds (<c>BENCH_ROUNDS</c>, 5).</summary>
internal sealed class SoundtrackBench : IAsyncDisposable
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

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
        var costs = await Costs.MeasureAsync(ffmpeg, CopyAsync, () => LayAsync(plain), () => LayAsync(whole));
        Console.WriteLine($"{Length.TotalSeconds:0} s of 720p with speech; {Costs.Rounds} rounds, medians");
        Console.WriteLine($"copy + AAC                             {costs[0]}");
        Console.WriteLine($"music, looped                          {costs[1].Beside(costs[0])}   limit 1.30, aim 1.10");
        Console.WriteLine($"music, ducked and levelled, measured   {costs[2].Beside(costs[0])}   limit 2.20, aim 1.80");
    }

    private Task<string> CopyAsync() => ffmpeg.RunAsync(
        new FfmpegCommand
        {
            Inputs = [new FfmpegInput(Path.Combine(folder, "film.mkv"))],
            Outputs = [new FfmpegOutput(Path.Combine(folder, "copy.mp4")) { Maps = ["0:v", "0:a"], Options = ["-c:v", "copy", "-c:a", "aac", "-b:a", "192000", "-movflags", "+faststart"] }],
        },
        folder, null, CancellationToken.None);

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
