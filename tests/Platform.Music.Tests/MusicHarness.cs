using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Artifacts;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.ServiceDefaults;

namespace Platform.Music.Tests;

/// <summary>The whole service over a bus in memory and a folder of artifacts, and the tools to make and to measure films.</summary>
public sealed class MusicHarness : IAsyncLifetime
{
    private const string Tenant = "t1";
    private readonly string folder = Directory.CreateTempSubdirectory("music-tests-").FullName;
    private readonly Channel<object> answers = Channel.CreateUnbounded<object>();
    private IHost host = null!;

    public IFfmpeg Ffmpeg => host.Services.GetRequiredService<IFfmpeg>();

    public IMediaProbe Probe => host.Services.GetRequiredService<IMediaProbe>();

    public string Folder => folder;

    private IArtifactStore Store => host.Services.GetRequiredService<IArtifactStore>();

    public async ValueTask InitializeAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Artifacts:Folder"] = Path.Combine(folder, "artifacts"),
            ["Stages:WorkFolder"] = Path.Combine(folder, "work"),
            ["Stages:MinimumFreeBytes"] = "0",
        });
        builder.AddServiceDefaults("music");
        builder.AddMusic();
        builder.Services.AddSingleton(answers.Writer);
        builder.AddBus(bus =>
        {
            bus.AddMusic();
            bus.AddConsumer<Answers>().Endpoint(endpoint => endpoint.Name = Queues.Jobs);
        });
        host = builder.Build();
        await host.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    public string PathOf(string name) => Path.Combine(folder, name);

    /// <summary>Makes a file with ffmpeg; arguments are split at blanks, and a ~ is a blank within one.</summary>
    public async Task<string> MakeAsync(string name, string arguments)
    {
        await RunAsync(["-y", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(argument => argument.Replace('~', ' ')), PathOf(name)]);
        return PathOf(name);
    }

    /// <summary>A film of colour bars with a sound made of a lavfi source, or none; its length is the sound's or that given.</summary>
    public Task<string> FilmAsync(string name, double seconds, string? sound, string encode = "-c:a pcm_s16le") => MakeAsync(name, string.Create(
        CultureInfo.InvariantCulture,
        $"-f lavfi -i testsrc2=s=160x120:r=25:d={seconds} {(sound is null ? "" : $"-f lavfi -i {sound}")} -c:v libx264 -preset ultrafast -pix_fmt yuv420p {(sound is null ? "" : encode)} -t {seconds}"));

    /// <summary>Runs the stage; gives its answer and, when it was made, the film's path.</summary>
    public async Task<(object Answer, string Film)> LayAsync(string film, string[] music, Func<MusicParameters, MusicParameters> with, bool final = false)
    {
        var pieces = music.Select((_, i) => Media.Parse($"library:piece-{i}")).ToList();
        var inputs = new Dictionary<string, Artifact> { ["@film"] = await PutAsync(film) };
        foreach (var (piece, path) in pieces.Zip(music))
        {
            inputs[piece.Text] = await PutAsync(path);
        }

        var command = new AddMusic
        {
            Run = new StageRun
            {
                JobId = Guid.NewGuid(),
                Tenant = Tenant,
                Stage = "music",
                Attempt = 1,
                StageType = "music",
                Fingerprint = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Guid.NewGuid().ToByteArray())),
                Timeout = TimeSpan.FromMinutes(5),
            },
            Parameters = with(new MusicParameters { Video = Media.Parse("@film"), Music = new MediaList(pieces) }),
            Inputs = inputs,
            Encode = final ? new FinalEncode { Settings = new EncodeSettings(), WritesResult = true } : null,
        };
        var endpoint = await host.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri($"queue:{Queues.Music}"));
        await endpoint.Send(command);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var answer = await answers.Reader.ReadAsync(patience.Token);
        if (answer is not StageCompleted completed)
        {
            return (answer, "");
        }

        var made = await FileAsync(completed, "video");
        Assert.Empty(Directory.GetDirectories(Path.Combine(folder, "work")));
        return (completed, made);
    }

    /// <summary>A file that was made, brought out of the store.</summary>
    public async Task<string> FileAsync(StageCompleted answer, string output)
    {
        var path = PathOf($"made-{Guid.NewGuid():N}");
        await Store.FetchAsync(Tenant, answer.Outputs[output].Artifacts[0], path, CancellationToken.None);
        return path;
    }

    /// <summary>What <see cref="LayAsync"/> made, which must have been made.</summary>
    public async Task<(StageCompleted Answer, string Film)> LaidAsync(string film, string[] music, Func<MusicParameters, MusicParameters> with, bool final = false)
    {
        var (answer, made) = await LayAsync(film, music, with, final);
        Assert.True(answer is StageCompleted, (answer as StageFailed)?.Failure.ToString());
        return ((StageCompleted)answer, made);
    }

    /// <summary>Samples of one channel of a file's sound, 48 kHz.</summary>
    public async Task<float[]> SamplesAsync(string path, int channel = 0)
    {
        var bytes = await RunAsync(["-i", path, "-map", "0:a:0", "-af", $"pan=mono|c0=c{channel}", "-ar", "48000", "-f", "f32le", "pipe:1"]);
        return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }

    /// <summary>A digest of the picture's packets as they lie in the file.</summary>
    public async Task<string> PictureAsync(string path) =>
        System.Text.Encoding.ASCII.GetString(await RunAsync(["-i", path, "-map", "0:v:0", "-c", "copy", "-f", "streamhash", "-hash", "sha256", "pipe:1"]));

    private async Task<Artifact> PutAsync(string path) => await Store.PutAsync(Tenant, path, "application/octet-stream", null, CancellationToken.None);

    private async Task<byte[]> RunAsync(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return output.ToArray();
    }

    private sealed class Answers(ChannelWriter<object> answers) : IConsumer<StageCompleted>, IConsumer<StageFailed>
    {
        public Task Consume(ConsumeContext<StageCompleted> context) => answers.WriteAsync(context.Message).AsTask();

        public Task Consume(ConsumeContext<StageFailed> context) => answers.WriteAsync(context.Message).AsTask();
    }
}

/// <summary>Arithmetic on samples.</summary>
internal static class Sound
{
    public const int Rate = 48_000;

    public static double Decibels(double amplitude) => 20 * Math.Log10(Math.Max(amplitude, 1e-10));

    public static double Rms(ReadOnlySpan<float> samples)
    {
        var sum = 0.0;
        foreach (var x in samples)
        {
            sum += x * x;
        }

        return Math.Sqrt(sum / Math.Max(1, samples.Length));
    }

    /// <summary>Amplitude of one frequency between two times (Goertzel).</summary>
    public static double Tone(float[] samples, double frequency, double from, double to)
    {
        var span = samples.AsSpan((int)(from * Rate), (int)((to - from) * Rate));
        var (re, im) = (0.0, 0.0);
        for (var i = 0; i < span.Length; i++)
        {
            var angle = 2 * Math.PI * frequency * i / Rate;
            re += span[i] * Math.Cos(angle);
            im += span[i] * Math.Sin(angle);
        }

        return 2 * Math.Sqrt((re * re) + (im * im)) / span.Length;
    }
}
