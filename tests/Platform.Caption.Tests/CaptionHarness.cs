using System.Globalization;
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

namespace Platform.Caption.Tests;

/// <summary>The whole service over a bus in memory and a folder of artifacts, and the tools to make and to look at films.</summary>
public sealed class CaptionHarness : IAsyncLifetime
{
    private const string Tenant = "t1";
    private readonly string folder = Directory.CreateTempSubdirectory("caption-tests-").FullName;
    private readonly Channel<object> answers = Channel.CreateUnbounded<object>();
    private IHost host = null!;

    public IFfmpeg Ffmpeg => host.Services.GetRequiredService<IFfmpeg>();

    public IMediaProbe Probe => host.Services.GetRequiredService<IMediaProbe>();

    public IServiceProvider Services => host.Services;

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
        builder.AddServiceDefaults("caption");
        builder.AddCaption();
        builder.Services.AddSingleton(answers.Writer);
        builder.AddBus(bus =>
        {
            bus.AddCaption();
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

    /// <summary>A film of one colour, with a sound file or without sound.</summary>
    public async Task<string> FilmAsync(string name, double seconds, int width = 640, int height = 360, string? sound = null, string color = "0x406080")
    {
        string[] source = ["-v", "error", "-y", "-f", "lavfi", "-i", string.Create(CultureInfo.InvariantCulture, $"color=c={color}:s={width}x{height}:r=25:d={seconds}")];
        string[] audio = sound is null ? [] : ["-i", sound, "-c:a", "pcm_s16le", "-shortest"];
        await Tools.RunAsync("ffmpeg", [.. source, .. audio, "-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-pix_fmt", "yuv420p", PathOf(name)]);
        return PathOf(name);
    }

    public async Task<string> TextAsync(string name, string content)
    {
        await File.WriteAllTextAsync(PathOf(name), content);
        return PathOf(name);
    }

    /// <summary>Runs the stage; gives its answer and, when they were made, the paths of its outputs.</summary>
    public async Task<(object Answer, IReadOnlyDictionary<string, string> Files)> CaptionAsync(string film, Func<CaptionParameters, CaptionParameters> with, string? captions = null, bool final = false)
    {
        var inputs = new Dictionary<string, Artifact> { ["@film"] = await Store.PutAsync(Tenant, film, "video/x-matroska", null, CancellationToken.None) };
        if (captions is not null)
        {
            inputs["@captions"] = await Store.PutAsync(Tenant, captions, "application/octet-stream", null, CancellationToken.None);
        }

        var command = new CaptionFilm
        {
            Run = new StageRun
            {
                JobId = Guid.NewGuid(),
                Tenant = Tenant,
                Stage = "caption",
                Attempt = 1,
                StageType = "caption",
                Fingerprint = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Guid.NewGuid().ToByteArray())),
                Timeout = TimeSpan.FromMinutes(15),
            },
            Parameters = with(new CaptionParameters { Video = Media.Parse("@film") }),
            Inputs = inputs,
            Encode = final ? new FinalEncode { Settings = new EncodeSettings { Preset = "ultrafast" }, WritesResult = true } : null,
        };
        var endpoint = await host.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri($"queue:{Queues.Caption}"));
        await endpoint.Send(command);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(15));
        var answer = await answers.Reader.ReadAsync(patience.Token);
        var files = new Dictionary<string, string>();
        if (answer is StageCompleted completed)
        {
            foreach (var (name, output) in completed.Outputs)
            {
                files[name] = PathOf($"made-{Guid.NewGuid():N}");
                await Store.FetchAsync(Tenant, output.Artifacts[0], files[name], CancellationToken.None);
            }

            Assert.Empty(Directory.GetDirectories(Path.Combine(folder, "work")));
        }

        return (answer, files);
    }

    /// <summary>What <see cref="CaptionAsync"/> made, which must have been made.</summary>
    public async Task<(StageCompleted Answer, IReadOnlyDictionary<string, string> Files)> CaptionedAsync(string film, Func<CaptionParameters, CaptionParameters> with, string? captions = null, bool final = false)
    {
        var (answer, files) = await CaptionAsync(film, with, captions, final);
        Assert.True(answer is StageCompleted, (answer as StageFailed)?.Failure.ToString());
        return ((StageCompleted)answer, files);
    }

    /// <summary>The picture at a time: RGB, three bytes a pixel.</summary>
    public static async Task<byte[]> FrameAsync(string film, double time) => await Tools.RunAsync(
        "ffmpeg", "-v", "error", "-i", film, "-vf", string.Create(CultureInfo.InvariantCulture, $"select=gte(t\\,{time})"), "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1");

    /// <summary>A digest of the picture's packets as they lie in the file.</summary>
    public static async Task<string> PictureAsync(string path) =>
        System.Text.Encoding.ASCII.GetString(await Tools.RunAsync("ffmpeg", "-v", "error", "-i", path, "-map", "0:v:0", "-c", "copy", "-f", "streamhash", "-hash", "sha256", "pipe:1"));

    private sealed class Answers(ChannelWriter<object> answers) : IConsumer<StageCompleted>, IConsumer<StageFailed>
    {
        public Task Consume(ConsumeContext<StageCompleted> context) => answers.WriteAsync(context.Message).AsTask();

        public Task Consume(ConsumeContext<StageFailed> context) => answers.WriteAsync(context.Message).AsTask();
    }
}

/// <summary>What differs between two pictures of the same size.</summary>
internal sealed record Ink(int Left, int Top, int Right, int Bottom, int Pixels)
{
    public double Height => Bottom - Top;

    public static Ink Of(byte[] picture, byte[] ground, int width)
    {
        var (left, top, right, bottom, pixels) = (int.MaxValue, int.MaxValue, -1, -1, 0);
        for (var i = 0; i + 2 < picture.Length; i += 3)
        {
            if (Math.Abs(picture[i] - ground[i]) + Math.Abs(picture[i + 1] - ground[i + 1]) + Math.Abs(picture[i + 2] - ground[i + 2]) < 60)
            {
                continue;
            }

            var (x, y) = (i / 3 % width, i / 3 / width);
            (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
            pixels++;
        }

        return new Ink(left, top, right, bottom, pixels);
    }
}
