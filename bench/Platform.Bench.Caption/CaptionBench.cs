using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Caption;
using Platform.Caption.Captions;
using Platform.Caption.Looks;
using Platform.Caption.Speech;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Pictures;
using Platform.Processes;
using Platform.ServiceDefaults;

namespace Platform.Bench.Caption;

/// <summary>
/// Listening against whisper-cli alone on the same sound, and drawing against the same encode without captions, on the same machine in the same run: the medians of several rounds (<c>BENCH_ROUNDS</c>, 5);
/// <c>BENCH_SECONDS</c> (30) of film are drawn on. Beside them, with the film that is drawn on made in the same measure: ours, and the way of one step after another, which encodes twice for the result.
/// </summary>
internal sealed class CaptionBench : IAsyncDisposable
{
    private const string Words = "Welcome. In this short film we show how it works and why people like it. Open the page, choose a template, and press the button. ";
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Drawn = TimeSpan.FromSeconds(Costs.Setting("BENCH_SECONDS", 30));

    private readonly string folder = Directory.CreateTempSubdirectory("bench-caption-").FullName;
    private readonly IHost host;
    private readonly MeasuredFfmpeg ffmpeg;

    public CaptionBench()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Artifacts:Folder"] = Path.Combine(folder, "artifacts"), ["Stages:WorkFolder"] = Path.Combine(folder, "work") });
        builder.AddServiceDefaults("bench");
        builder.AddCaption();
        host = builder.Build();
        ffmpeg = new MeasuredFfmpeg(host.Services.GetRequiredService<IFfmpeg>());
    }

    public ValueTask DisposeAsync()
    {
        host.Dispose();
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    public async Task RunAsync(bool listens)
    {
        await MakeAsync("film.mkv", [$"testsrc2=s=1920x1080:r=30:d={Length.TotalSeconds}", $"flite=voice=slt:text='{string.Concat(Enumerable.Repeat(Words, 6))}'"],
            ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-pix_fmt", "yuv420p", "-c:a", "pcm_s16le", "-ar", "48000"]);
        if (listens)
        {
            await ListenAsync();
        }

        await DrawAsync();
    }

    private async Task ListenAsync()
    {
        var options = host.Services.GetRequiredService<IOptions<CaptionOptions>>().Value;
        var film = await host.Services.GetRequiredService<IMediaProbe>().ProbeAsync(Path.Combine(folder, "film.mkv"), CancellationToken.None);
        await ffmpeg.RunAsync(
            new FfmpegCommand { Inputs = [new FfmpegInput(Path.Combine(folder, "film.mkv"))], Outputs = [new FfmpegOutput(Path.Combine(folder, "alone.wav")) { Maps = ["0:a"], Options = ["-ar", "16000", "-ac", "1", "-c:a", "pcm_s16le"] }] },
            folder, null, CancellationToken.None);
        var models = host.Services.GetRequiredService<ModelStore>();
        var model = await models.PathAsync(ModelCatalogue.For(null, "en", false), _ => { }, CancellationToken.None);
        var voice = await models.FindAsync(ModelCatalogue.Voice, CancellationToken.None);
        var whisper = File.Exists(CaptionOptions.CachedWhisper) ? CaptionOptions.CachedWhisper : "whisper-cli";
        var runner = host.Services.GetRequiredService<IProcessRunner>();
        var child = new ChildProcess(whisper, [
            "-m", model, "-f", Path.Combine(folder, "alone.wav"), "-t", options.Threads.ToString(CultureInfo.InvariantCulture), "-ojf", "-of", Path.Combine(folder, "alone"),
            .. voice is null ? ImmutableArray<string>.Empty : ["--vad", "-vm", voice]]) { Limits = new ChildLimits { Silence = null } };
        var costs = await Costs.MeasureAsync(
            ffmpeg,
            async () =>
            {
                var result = await runner.RunAsync(child, CancellationToken.None);
                if (!result.Succeeded) throw new InvalidOperationException(result.ErrorTail);
            },
            async () =>
            {
                var said = await host.Services.GetRequiredService<Listener>().ListenAsync(Order(new CaptionParameters { Video = Media.Parse("@film") }), film, CancellationToken.None);
                if (said.Words.Length < 50) throw new InvalidOperationException("The speech was not heard.");
            });
        Console.WriteLine($"{Length.TotalSeconds:0} s of speech; {Costs.Rounds} rounds, medians; whisper-cli takes {costs[0].Wall:0.00} s"); // its processor time nobody tells
        Console.WriteLine($"listening, sound taken out and words repaired  {costs[1].Wall:0.00} s = {costs[1].Wall / costs[0].Wall:0.00} ×   limit 1.05");
    }

    private async Task DrawAsync()
    {
        ImmutableArray<Word> words = [.. ScriptAlignment.ScriptWords(string.Concat(Enumerable.Repeat(Words, 4))).Select((word, i) => word with { Start = TimeSpan.FromSeconds(i * 0.3), End = TimeSpan.FromSeconds((i * 0.3) + 0.28) })];
        var film = await host.Services.GetRequiredService<IMediaProbe>().ProbeAsync(Path.Combine(folder, "film.mkv"), CancellationToken.None);
        foreach (var preset in new[] { "veryfast", "medium" })
        {
            var encode = new FinalEncode { Settings = new EncodeSettings { Preset = preset }, WritesResult = true };
            var costs = await Costs.MeasureAsync(ffmpeg, () => EncodeAsync(film.Video!, encode, []), () => EncodeAsync(film.Video!, encode, words),
                () => InTwoAsync(film.Video!, null, encode, words), () => InTwoAsync(film.Video!, encode, encode, words));
            Console.WriteLine($"{preset}: the encode alone, 1080p               {costs[0]}");
            Console.WriteLine($"{preset}: with highlighted words drawn          {costs[1].Beside(costs[0])}   limit 1.10");
            Console.WriteLine($"{preset}: the film, near lossless, then drawn   {costs[2].Beside(costs[0])}");
            Console.WriteLine($"{preset}: the film encoded, then again, drawn   {costs[3].Beside(costs[0])}   step by step");
        }
    }

    /// <summary>A film, and the same with captions in a run of its own.</summary>
    private async Task InTwoAsync(VideoStream picture, FinalEncode? first, FinalEncode encode, ImmutableArray<Word> words)
    {
        await EncodeAsync(picture, first, []);
        File.Move(Path.Combine(folder, "out.mp4"), Path.Combine(folder, "first.mp4"), overwrite: true);
        await EncodeAsync(picture, encode, words, "first.mp4");
    }

    private async Task EncodeAsync(VideoStream picture, FinalEncode? encode, ImmutableArray<Word> words, string of = "film.mkv")
    {
        string? script = null;
        if (!words.IsEmpty)
        {
            var look = Look.Of(new CaptionStyle { Preset = "highlight" });
            var font = await host.Services.GetRequiredService<IFonts>().FindAsync(look.Font, look.Weight, CancellationToken.None);
            var layout = new Layout(look, font, SafeArea.Of("none", picture.Width, picture.Height), picture.Width, picture.Height);
            var cues = CueMaker.Make(words, new CueLimits(3, 2, layout.MostWidth, 20), layout.Measure, Length);
            script = Path.Combine(folder, "burn.ass");
            await File.WriteAllTextAsync(script, new AssWriter(look, font, picture.Width, picture.Height, new Dictionary<string, Rgba>()).Write(cues.Select(layout.Place)));
        }

        await ffmpeg.RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(Path.Combine(folder, of)) { Duration = Drawn }],
                Graph = BurnGraph.For(picture, script, []),
                Outputs = [new FfmpegOutput(Path.Combine(folder, "out.mp4")) { Maps = ["[out]"], Options = BurnGraph.Picture(encode, picture.FrameRate), Format = "mp4" }],
                Readable = BurnGraph.FontCache,
            },
            folder, null, CancellationToken.None);
    }

    private CaptionOrder Order(CaptionParameters parameters) => new() { Film = Path.Combine(folder, "film.mkv"), Parameters = parameters, Folder = folder };

    private Task<string> MakeAsync(string name, ImmutableArray<string> sources, ImmutableArray<string> options) => ffmpeg.RunAsync(
        new FfmpegCommand
        {
            Inputs = [.. sources.Select(source => new FfmpegInput(source) { Format = "lavfi" })],
            Outputs = [new FfmpegOutput(Path.Combine(folder, name)) { Options = options, Duration = Length }],
        },
        folder, null, CancellationToken.None);
}
