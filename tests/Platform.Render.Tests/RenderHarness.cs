using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Artifacts;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Render.Films;
using Platform.ServiceDefaults;
using Platform.Templates;

namespace Platform.Render.Tests;

/// <summary>The whole service over a bus in memory and a folder of artifacts, and the tools to make and to look at films.</summary>
[CollectionDefinition(Name)]
public sealed class RenderHarness : IAsyncLifetime, ICollectionFixture<RenderHarness>
{
    /// <summary>Of the tests that share it: one service, one browser, one after another.</summary>
    public const string Name = "render";

    private const string Tenant = "t1";
    private readonly string folder = Directory.CreateTempSubdirectory("render-tests-").FullName;
    private readonly Channel<object> answers = Channel.CreateUnbounded<object>();
    private IHost host = null!;

    public IMediaProbe Probe => host.Services.GetRequiredService<IMediaProbe>();

    /// <summary>What makes films below the bus.</summary>
    internal IFilms Films => host.Services.GetRequiredService<IFilms>();

    public IInstalledTransitions Transitions => host.Services.GetRequiredService<IInstalledTransitions>();

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
            ["Render:ChunkSeconds"] = "2",
        });
        builder.AddServiceDefaults("render");
        builder.AddRender();
        builder.Services.AddSingleton(answers.Writer);
        builder.AddBus(bus =>
        {
            bus.AddRender();
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

    /// <summary>Makes a file with ffmpeg; arguments are split at blanks.</summary>
    public async Task<string> MakeAsync(string name, string arguments)
    {
        await RunAsync(["-y", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), PathOf(name)]);
        return PathOf(name);
    }

    /// <summary>Runs the stage; gives its answer and, when it was made, the film's path. Files stand in the template as <c>library:NAME</c>.</summary>
    public async Task<(object Answer, string Film)> RenderAsync(string template, string input = "{}", string format = "mp4", bool final = true, double at = 0, params (string Name, string Path)[] files)
    {
        var reading = TemplateReader.Read(JsonDocument.Parse(template).RootElement, JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(input)!);
        Assert.Empty(reading.Problems);
        var inputs = new Dictionary<string, Artifact>();
        foreach (var (name, path) in files) inputs[$"library:{name}"] = await PutAsync(path);
        var answer = await SendAsync(Queues.Render, run => new RenderTemplate
        {
            Run = run("render"),
            Parameters = new RenderParameters { Template = reading.Snapshot, Format = format, At = at, Media = [.. reading.Media.Select(media => Media.Parse(media.Text)).Distinct()] },
            Inputs = inputs,
            Encode = final ? new FinalEncode { Settings = new EncodeSettings { Preset = "ultrafast" }, WritesResult = true } : null,
        });
        return (answer, answer is StageCompleted completed ? await FileAsync(completed) : "");
    }

    /// <summary>What <see cref="RenderAsync"/> made, which must have been made.</summary>
    public async Task<string> RenderedAsync(string template, string input = "{}", string format = "mp4", bool final = true, double at = 0, params (string Name, string Path)[] files)
    {
        var (answer, film) = await RenderAsync(template, input, format, final, at, files);
        Assert.True(answer is StageCompleted, (answer as StageFailed)?.Failure.ToString());
        return film;
    }

    /// <summary>Sends a command to the service and waits for its answer.</summary>
    public async Task<object> SendAsync<T>(string queue, Func<Func<string, StageRun>, T> command) where T : class
    {
        var endpoint = await host.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri($"queue:{queue}"));
        await endpoint.Send(command(type => new StageRun
        {
            JobId = Guid.NewGuid(),
            Tenant = Tenant,
            Stage = "film",
            Attempt = 1,
            StageType = type,
            Fingerprint = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Guid.NewGuid().ToByteArray())),
            Timeout = TimeSpan.FromMinutes(5),
        }));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        return await answers.Reader.ReadAsync(patience.Token);
    }

    /// <summary>Asks for one moment of a template, as somebody who waits for it does.</summary>
    public async Task<string> PreviewAsync(JsonElement template, double at)
    {
        var reading = TemplateReader.Read(template, new Dictionary<string, JsonElement>());
        Assert.Empty(reading.Problems);
        var bus = host.Services.GetRequiredService<IBus>();
        var client = bus.CreateRequestClient<PreviewTemplate>(new Uri($"queue:{Queues.Preview}"), TimeSpan.FromMinutes(4));
        var answer = await client.GetResponse<TemplatePreviewed>(new PreviewTemplate { Tenant = Tenant, Template = reading.Snapshot, At = at, Inputs = new Dictionary<string, Artifact>() });
        return await FileOfAsync(answer.Message.Picture ?? throw new InvalidOperationException(answer.Message.Failure!.ToString()));
    }

    /// <summary>Asks what is wrong with a template's layout.</summary>
    public async Task<IReadOnlyList<LayoutWarning>> LintAsync(JsonElement template, string zone = "title")
    {
        var reading = TemplateReader.Read(template, new Dictionary<string, JsonElement>());
        Assert.Empty(reading.Problems);
        var client = host.Services.GetRequiredService<IBus>().CreateRequestClient<LintTemplate>(new Uri($"queue:{Queues.Lint}"), TimeSpan.FromMinutes(4));
        var answer = await client.GetResponse<TemplateLinted>(new LintTemplate { Tenant = Tenant, Template = reading.Snapshot, SafeZone = zone, Inputs = new Dictionary<string, Artifact>() });
        return answer.Message.Failure is { } failure ? throw new InvalidOperationException(failure.ToString()) : answer.Message.Warnings;
    }

    public Task<string> FileAsync(StageCompleted completed) => FileOfAsync(completed.Outputs["video"].Artifacts[0]);

    public async Task<string> FileOfAsync(Artifact artifact)
    {
        var made = PathOf($"made-{Guid.NewGuid():N}");
        await Store.FetchAsync(Tenant, artifact, made, CancellationToken.None);
        return made;
    }

    /// <summary>Digest of the decoded samples.</summary>
    public async Task<string> SoundAsync(string film) => System.Text.Encoding.ASCII.GetString(await RunAsync(["-i", film, "-map", "0:a:0", "-c:a", "pcm_s16le", "-f", "md5", "pipe:1"]));

    /// <summary>The pixels of one frame of a film, as RGBA.</summary>
    public async Task<Frame> FrameAsync(string film, int number, int width, int height, string? decoder = null)
    {
        var bytes = await RunAsync([.. decoder is null ? Array.Empty<string>() : ["-c:v", decoder], "-i", film, "-vf", FormattableString.Invariant($"select=eq(n\\,{number})"), "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgba", "pipe:1"]);
        Assert.Equal(width * height * 4, bytes.Length);
        return new Frame(bytes, width);
    }

    public async Task<string> DigestsAsync(string film) => System.Text.Encoding.ASCII.GetString(await RunAsync(["-i", film, "-map", "0:v:0", "-f", "framemd5", "pipe:1"]));

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

    public async Task<Artifact> PutAsync(string path) => await Store.PutAsync(Tenant, path, "application/octet-stream", null, CancellationToken.None);

    private sealed class Answers(ChannelWriter<object> answers) : IConsumer<StageCompleted>, IConsumer<StageFailed>, IConsumer<StageExpanded>
    {
        public Task Consume(ConsumeContext<StageCompleted> context) => answers.WriteAsync(context.Message).AsTask();

        public Task Consume(ConsumeContext<StageFailed> context) => answers.WriteAsync(context.Message).AsTask();

        public Task Consume(ConsumeContext<StageExpanded> context) => answers.WriteAsync(context.Message).AsTask();
    }
}

/// <summary>Pixels of a frame.</summary>
public sealed record Frame(byte[] Rgba, int Width)
{
    public (byte R, byte G, byte B, byte A) this[int x, int y] => (Rgba[(y * Width + x) * 4], Rgba[(y * Width + x) * 4 + 1], Rgba[(y * Width + x) * 4 + 2], Rgba[(y * Width + x) * 4 + 3]);

    /// <summary>A pixel has a colour, but for what coding takes from it.</summary>
    public void Near(int x, int y, int r, int g, int b, int tolerance = 12)
    {
        var p = this[x, y];
        Assert.True(Math.Abs(p.R - r) <= tolerance && Math.Abs(p.G - g) <= tolerance && Math.Abs(p.B - b) <= tolerance, $"({x},{y}) is {p}, not ({r},{g},{b})");
    }
}
