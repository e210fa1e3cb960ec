using System.Globalization;
using System.Runtime.InteropServices;
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

namespace Platform.TestSupport;

/// <summary>A whole media service over a bus in memory and a folder of artifacts, and the tools to make and to look at media.</summary>
/// <param name="name">The service's.</param>
/// <param name="services">Adds what runs beside the bus.</param>
/// <param name="consumers">Adds the consumers.</param>
public abstract class StageHarness(string name, Action<IHostApplicationBuilder> services, Action<IBusRegistrationConfigurator> consumers) : IAsyncLifetime
{
    /// <summary>Whose everything is.</summary>
    protected const string Tenant = "t1";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly Channel<object> answers = Channel.CreateUnbounded<object>();
    private IHost host = null!;

    /// <summary>The service's.</summary>
    public IServiceProvider Services => host.Services;

    public IFfmpeg Ffmpeg => Services.GetRequiredService<IFfmpeg>();

    public IMediaProbe Probe => Services.GetRequiredService<IMediaProbe>();

    /// <summary>Where everything lies, gone with the harness.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory($"{name}-tests-").FullName;

    protected IArtifactStore Store => Services.GetRequiredService<IArtifactStore>();

    public async ValueTask InitializeAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
        [
            new("Artifacts:Folder", PathOf("artifacts")),
            new("Stages:WorkFolder", PathOf("work")),
            new("Stages:MinimumFreeBytes", "0"),
            .. Settings(),
        ]);
        builder.AddServiceDefaults(name);
        services(builder);
        builder.Services.AddSingleton(answers.Writer);
        builder.AddBus(bus =>
        {
            consumers(bus);
            bus.AddConsumer<Answers>().Endpoint(endpoint => endpoint.Name = Queues.Jobs);
        });
        host = builder.Build();
        await host.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Settings besides those of every harness.</summary>
    protected virtual Dictionary<string, string?> Settings() => [];

    public string PathOf(string file) => Path.Combine(Folder, file);

    /// <summary>Sends a command to the service and waits for its answer; nothing may be left in its workspace then.</summary>
    /// <param name="queue">The command's.</param>
    /// <param name="stageType">Which kind of stage.</param>
    /// <param name="command">Makes it.</param>
    public async Task<object> AnswerAsync<T>(string queue, string stageType, Func<StageRun, T> command) where T : class
    {
        var endpoint = await Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri($"queue:{queue}"));
        await endpoint.Send(command(new StageRun
        {
            JobId = Guid.NewGuid(),
            Tenant = Tenant,
            Stage = "film",
            Attempt = 1,
            StageType = stageType,
            Fingerprint = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
            Timeout = Patience,
        }));
        using var patience = new CancellationTokenSource(Patience);
        var answer = await answers.Reader.ReadAsync(patience.Token);
        Assert.Empty(Directory.GetDirectories(PathOf("work")));
        return answer;
    }

    /// <summary>An answer that must say that the stage was made.</summary>
    public static StageCompleted Completed(object answer)
    {
        Assert.True(answer is StageCompleted, (answer as StageFailed)?.Failure.ToString());
        return (StageCompleted)answer;
    }

    /// <summary>Brings a file into the store.</summary>
    public Task<Artifact> PutAsync(string path) => Store.PutAsync(Tenant, path, "application/octet-stream", null, CancellationToken.None);

    /// <summary>Brings a file out of the store.</summary>
    public async Task<string> FileAsync(Artifact artifact)
    {
        var path = PathOf($"made-{Guid.NewGuid():N}");
        await Store.FetchAsync(Tenant, artifact, path, CancellationToken.None);
        return path;
    }

    /// <summary>The first file of every output, brought out of the store.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FilesAsync(object answer)
    {
        var files = new Dictionary<string, string>();
        foreach (var (output, made) in (answer as StageCompleted)?.Outputs ?? new Dictionary<string, StageOutput>())
        {
            files[output] = await FileAsync(made.Artifacts[0]);
        }

        return files;
    }

    /// <summary>Makes a file with ffmpeg; arguments are split at blanks, and a ~ is a blank within one.</summary>
    public async Task<string> MakeAsync(string file, string arguments)
    {
        await RunAsync(["-y", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(argument => argument.Replace('~', ' ')), PathOf(file)]);
        return PathOf(file);
    }

    /// <summary>Runs ffmpeg; gives what it wrote to its standard output.</summary>
    public Task<byte[]> RunAsync(string[] arguments) => ToolAsync("ffmpeg", ["-nostdin", "-v", "error", .. arguments]);

    /// <summary>Runs a program in the folder; gives what it wrote to its standard output.</summary>
    public Task<byte[]> ToolAsync(string program, string[] arguments) => Tools.RunAsync(program, arguments, folder: Folder);

    /// <summary>Samples of one channel of a file's sound, 48 kHz.</summary>
    public async Task<float[]> SamplesAsync(string path, int channel = 0) => MemoryMarshal.Cast<byte, float>(
        await RunAsync(["-i", path, "-map", "0:a:0", "-af", string.Create(CultureInfo.InvariantCulture, $"pan=mono|c0=c{channel}"), "-ar", "48000", "-f", "f32le", "pipe:1"])).ToArray();

    /// <summary>A digest of the picture's packets as they lie in the file.</summary>
    public async Task<string> PictureAsync(string path) => Encoding.ASCII.GetString(await RunAsync(["-i", path, "-map", "0:v:0", "-c", "copy", "-f", "streamhash", "-hash", "sha256", "pipe:1"]));

    private sealed class Answers(ChannelWriter<object> answers) : IConsumer<StageCompleted>, IConsumer<StageFailed>, IConsumer<StageExpanded>
    {
        public Task Consume(ConsumeContext<StageCompleted> context) => answers.WriteAsync(context.Message).AsTask();

        public Task Consume(ConsumeContext<StageFailed> context) => answers.WriteAsync(context.Message).AsTask();

        public Task Consume(ConsumeContext<StageExpanded> context) => answers.WriteAsync(context.Message).AsTask();
    }
}
