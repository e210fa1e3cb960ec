using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
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

namespace Platform.Merge.Tests;

/// <summary>The whole service over a bus in memory and a folder of artifacts, and the tools to make and to measure films.</summary>
public sealed class MergeHarness : IAsyncLifetime
{
    private const string Tenant = "t1";
    private readonly string folder = Directory.CreateTempSubdirectory("merge-tests-").FullName;
    private readonly Channel<object> answers = Channel.CreateUnbounded<object>();
    private readonly Dictionary<string, string> made = [];
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
        builder.AddServiceDefaults("merge");
        builder.AddMerge();
        builder.Services.AddSingleton(answers.Writer);
        builder.AddBus(bus =>
        {
            bus.AddMerge();
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

    /// <summary>Makes a file with ffmpeg, once; arguments are split at blanks, and a ~ is a blank within one.</summary>
    public async Task<string> MakeAsync(string name, string arguments)
    {
        if (made.TryAdd(name, arguments))
        {
            await RunAsync(["-y", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(argument => argument.Replace('~', ' ')), PathOf(name)]);
        }

        Assert.Equal(made[name], arguments);
        return PathOf(name);
    }

    /// <summary>A film of colour bars, with a tone or another lavfi source as its sound, or none.</summary>
    public Task<string> BarsAsync(string name, double seconds, string? sound = null, string size = "160x120", int rate = 25, string options = "") => MakeAsync(name, string.Create(
        CultureInfo.InvariantCulture,
        $"-f lavfi -i testsrc2=s={size}:r={rate}:d={seconds} {(sound is null ? "" : $"-f lavfi -i {sound}")} -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 25 {(sound is null ? "" : "-c:a pcm_s16le")} {options} -t {seconds}"));

    /// <summary>A voice: speech, padded or cut to a length.</summary>
    public Task<string> VoiceAsync(double seconds, string voice = "slt") => MakeAsync(
        string.Create(CultureInfo.InvariantCulture, $"voice-{voice}-{seconds}.wav"),
        string.Create(CultureInfo.InvariantCulture, $"-f lavfi -i flite=voice={voice}:text='Open~the~page~and~press~the~button.~It~takes~less~than~a~minute,~and~it~looks~as~if~somebody~had~worked~on~it~for~a~day.' -af apad,volume=0.5 -t {seconds}"));

    /// <summary>Runs the stage; gives its answer and, when it was made, the paths of its outputs.</summary>
    public async Task<(object Answer, IReadOnlyDictionary<string, string> Outputs)> MergeAsync(
        IReadOnlyList<(string Video, string? Voice)> scenes, Func<MergeParameters, MergeParameters>? with = null, Func<MergeScene, int, MergeScene>? each = null, FinalEncode? encode = null, bool staged = true, string? music = null)
    {
        var inputs = new Dictionary<string, Artifact>();
        var parameters = new MergeParameters { Scenes = [.. await Task.WhenAll(scenes.Select(async (scene, i) => await SceneAsync(scene, i)))] };
        if (music is not null)
        {
            parameters = parameters with { BeatSync = new BeatSync { Music = await PutAsync("library:music", music) } };
        }

        var command = new MergeScenes
        {
            Run = new StageRun
            {
                JobId = Guid.NewGuid(),
                Tenant = Tenant,
                Stage = "film",
                Attempt = 1,
                StageType = "merge",
                Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Guid.NewGuid().ToByteArray())),
                Timeout = TimeSpan.FromMinutes(10),
            },
            Parameters = with?.Invoke(parameters) ?? parameters,
            Inputs = inputs,
            Encode = encode,
        };
        var endpoint = await host.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri($"queue:{Queues.Merge}"));
        await endpoint.Send(command);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        var answer = await answers.Reader.ReadAsync(patience.Token);
        Assert.Empty(Directory.GetDirectories(PathOf("work")));
        var outputs = new Dictionary<string, string>();
        foreach (var (name, output) in (answer as StageCompleted)?.Outputs ?? new Dictionary<string, StageOutput>())
        {
            outputs[name] = PathOf($"made-{Guid.NewGuid():N}");
            await Store.FetchAsync(Tenant, output.Artifacts[0], outputs[name], CancellationToken.None);
        }

        return (answer, outputs);

        async Task<MergeScene> SceneAsync((string Video, string? Voice) scene, int i)
        {
            var made = new MergeScene { Video = await PutAsync(staged ? "@scene" : "library:scene", scene.Video), Voiceover = scene.Voice is { } voice ? await PutAsync("@voice", voice) : null };
            return each?.Invoke(made, i) ?? made;
        }

        async Task<Media> PutAsync(string name, string path)
        {
            var media = Media.Parse($"{name}-{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(path)))[..16]}");
            var artifact = await Store.PutAsync(Tenant, path, "application/octet-stream", null, CancellationToken.None);
            lock (inputs)
            {
                inputs[media.Text] = artifact;
            }

            return media;
        }
    }

    /// <summary>What <see cref="MergeAsync"/> made, which must have been made.</summary>
    public async Task<(StageCompleted Answer, string Film, IReadOnlyDictionary<string, string> Outputs)> MergedAsync(
        IReadOnlyList<(string Video, string? Voice)> scenes, Func<MergeParameters, MergeParameters>? with = null, Func<MergeScene, int, MergeScene>? each = null, FinalEncode? encode = null, bool staged = true, string? music = null)
    {
        var (answer, outputs) = await MergeAsync(scenes, with, each, encode, staged, music);
        Assert.True(answer is StageCompleted, (answer as StageFailed)?.Failure.ToString());
        return ((StageCompleted)answer, outputs["video"], outputs);
    }

    /// <summary>Samples of one channel of a file's sound, 48 kHz.</summary>
    public async Task<float[]> SamplesAsync(string path, int channel = 0) =>
        MemoryMarshal.Cast<byte, float>(await RunAsync(["-i", path, "-map", "0:a:0", "-af", $"pan=mono|c0=c{channel}", "-ar", "48000", "-f", "f32le", "pipe:1"])).ToArray();

    /// <summary>Mean colour of each frame, read as BT.709 of limited range: red, green, blue from 0 to 255.</summary>
    public async Task<(int R, int G, int B)[]> ColoursAsync(string path, string crop = "null")
    {
        var bytes = await RunAsync(["-i", path, "-map", "0:v:0", "-vf", $"{crop},scale=1:1:flags=area,format=yuv444p", "-f", "rawvideo", "pipe:1"]);
        return [.. bytes.Chunk(3).Select(pixel => Rgb(1.164 * (pixel[0] - 16), pixel[1] - 128, pixel[2] - 128))];

        static (int, int, int) Rgb(double y, double u, double v) => (Byte(y + (1.793 * v)), Byte(y - (0.213 * u) - (0.533 * v)), Byte(y + (2.112 * u)));

        static int Byte(double value) => (int)Math.Clamp(Math.Round(value), 0, 255);
    }

    /// <summary>Time stamps of a film's packets as ffprobe reads them: pts and dts in seconds.</summary>
    public async Task<List<(double Pts, double Dts)>> PacketsAsync(string path, string stream)
    {
        using var process = Process.Start(new ProcessStartInfo("ffprobe", ["-v", "error", "-select_streams", stream, "-show_entries", "packet=pts_time,dts_time", "-of", "csv=p=0", path]) { RedirectStandardOutput = true })!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return
        [
            .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim(',').Split(','))
                .Select(parts => (double.Parse(parts[0], CultureInfo.InvariantCulture), double.TryParse(parts[1], CultureInfo.InvariantCulture, out var dts) ? dts : double.Parse(parts[0], CultureInfo.InvariantCulture))),
        ];
    }

    public async Task<byte[]> RunAsync(string[] arguments)
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
