using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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

namespace Platform.Transcode.Tests;

/// <summary>The whole service over a bus in memory and a folder of artifacts, and the tools to make and to look at films.</summary>
public class TranscodeHarness : IAsyncLifetime
{
    private const string Tenant = "t1";
    private const string Film = "library:film";
    private const string Captions = "library:captions";
    private readonly string folder = Directory.CreateTempSubdirectory("transcode-tests-").FullName;
    private readonly Channel<object> answers = Channel.CreateUnbounded<object>();
    private IHost host = null!;

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
        builder.Configuration.AddInMemoryCollection(Settings());
        builder.AddServiceDefaults("transcode");
        builder.AddTranscode();
        builder.Services.AddSingleton(answers.Writer);
        builder.AddBus(bus =>
        {
            bus.AddTranscode();
            bus.AddConsumer<Answers>().Endpoint(endpoint => endpoint.Name = Queues.Jobs);
        });
        host = builder.Build();
        await host.StartAsync();
    }

    /// <summary>Settings of this kind of harness.</summary>
    protected virtual Dictionary<string, string?> Settings() => [];

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    public string PathOf(string name) => Path.Combine(folder, name);

    /// <summary>Makes a file with ffmpeg; arguments are split at blanks.</summary>
    public async Task<string> MakeAsync(string name, string arguments)
    {
        await RunAsync("ffmpeg", ["-y", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), PathOf(name)]);
        return PathOf(name);
    }

    /// <summary>A film of a test picture with a tone.</summary>
    public Task<string> FilmAsync(string name, double seconds, string picture = "s=160x120:r=25", string encode = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -ac 2") => MakeAsync(
        name, string.Create(CultureInfo.InvariantCulture, $"-f lavfi -i testsrc2={picture}:d={seconds} -f lavfi -i sine=1000:d={seconds} {encode} -t {seconds}"));

    public Task<MediaInfo> ProbeAsync(string path) => host.Services.GetRequiredService<IMediaProbe>().ProbeAsync(path, CancellationToken.None);

    /// <summary>Runs the stage and gives its answer.</summary>
    /// <param name="film">Path of the film.</param>
    /// <param name="with">What is asked for.</param>
    /// <param name="media">What the document calls the film: an upload, or a stage's.</param>
    /// <param name="captions">Path of captions, or null.</param>
    public async Task<object> TranscodeAsync(string film, Func<TranscodeParameters, TranscodeParameters> with, string media = Film, string? captions = null)
    {
        var inputs = new Dictionary<string, Artifact> { [media] = await Store.PutAsync(Tenant, film, "application/octet-stream", null, CancellationToken.None) };
        if (captions is not null)
        {
            inputs[Captions] = await Store.PutAsync(Tenant, captions, "application/octet-stream", null, CancellationToken.None);
        }

        var command = new TranscodeFilm
        {
            Run = new StageRun
            {
                JobId = Guid.NewGuid(),
                Tenant = Tenant,
                Stage = "web",
                Attempt = 1,
                StageType = "transcode",
                Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Guid.NewGuid().ToByteArray())),
                Timeout = TimeSpan.FromMinutes(5),
            },
            Parameters = with(new TranscodeParameters { Video = Media.Parse(media), Captions = captions is null ? null : Media.Parse(Captions) }),
            Inputs = inputs,
            Encode = new FinalEncode { Settings = new EncodeSettings { Preset = "veryfast" }, WritesResult = true },
        };
        var endpoint = await host.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri($"queue:{Queues.Transcode}"));
        await endpoint.Send(command);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        return await answers.Reader.ReadAsync(patience.Token);
    }

    /// <summary>What <see cref="TranscodeAsync"/> made, which must have been made.</summary>
    public async Task<(StageCompleted Answer, string Film)> MadeAsync(string film, Func<TranscodeParameters, TranscodeParameters> with, string media = Film, string? captions = null)
    {
        var answer = await TranscodeAsync(film, with, media, captions);
        Assert.True(answer is StageCompleted, (answer as StageFailed)?.Failure.ToString());
        Assert.Empty(Directory.GetDirectories(Path.Combine(folder, "work")));
        var made = (StageCompleted)answer;
        return (made, await FileAsync(made.Outputs["video"].Artifacts[0]));
    }

    /// <summary>A file that was made, brought out of the store.</summary>
    public async Task<string> FileAsync(Artifact artifact)
    {
        var path = PathOf($"made-{Guid.NewGuid():N}");
        await Store.FetchAsync(Tenant, artifact, path, CancellationToken.None);
        return path;
    }

    /// <summary>Brings every file of a streamed film into a folder of its own, by the names that they call each other; gives the folder.</summary>
    public async Task<string> FolderAsync(StageCompleted answer)
    {
        var made = Directory.CreateDirectory(PathOf($"stream-{Guid.NewGuid():N}")).FullName;
        foreach (var artifact in answer.Outputs.Values.SelectMany(output => output.Artifacts))
        {
            await Store.FetchAsync(Tenant, artifact, Path.Combine(made, artifact.Name!), CancellationToken.None);
        }

        return made;
    }

    /// <summary>A digest of one stream's packets as they lie in the file.</summary>
    public async Task<string> PacketsAsync(string path, string stream) =>
        Encoding.ASCII.GetString(await RunAsync("ffmpeg", ["-i", path, "-map", $"0:{stream}:0", "-c", "copy", "-f", "streamhash", "-hash", "sha256", "pipe:1"]));

    /// <summary>What ffprobe says, as lines of <c>key=value</c>.</summary>
    public async Task<string> EntriesAsync(string path, params string[] arguments) =>
        Encoding.UTF8.GetString(await RunAsync("ffprobe", [.. arguments, "-of", "default=nw=1", path]));

    /// <summary>One frame as pixels.</summary>
    public Task<byte[]> FrameAsync(string path, double time, string format, params string[] before) => RunAsync(
        "ffmpeg", [.. before, "-i", path, "-ss", time.ToString(CultureInfo.InvariantCulture), "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", format, "pipe:1"]);

    public Task<byte[]> RunAsync(string tool, string[] arguments) => ToolAsync(tool, [.. tool == "ffmpeg" ? ["-nostdin"] : Array.Empty<string>(), "-v", "error", .. arguments]);

    /// <summary>Runs a program in the folder; what it says.</summary>
    public async Task<byte[]> ToolAsync(string tool, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments)
        {
            RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder,
        })!;
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
