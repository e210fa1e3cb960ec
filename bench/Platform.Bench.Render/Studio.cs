using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Processes;
using Platform.Render;
using Platform.Render.Films;
using Platform.Render.Templates;
using Platform.Stages;
using Platform.Templates;

namespace Platform.Bench.Render;

/// <summary>Render as its host composes it, without a bus, and a folder for what is made.</summary>
internal sealed class Studio : IAsyncDisposable
{
    private readonly IHost host;
    private readonly Dictionary<string, Asset> assets = [];

    private Studio(IHost host) => this.host = host;

    public string Folder { get; } = Directory.CreateTempSubdirectory("bench-render-").FullName;

    public IFfmpeg Ffmpeg => host.Services.GetRequiredService<IFfmpeg>();

    public IProcessRunner Runner => host.Services.GetRequiredService<IProcessRunner>();

    public static async Task<Studio> OpenAsync()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.AddRender();
        var bare = builder.Services.Single(service => service.ServiceType == typeof(IFfmpeg)).ImplementationType!;
        builder.Services.AddSingleton<IFfmpeg>(services => new MeasuredFfmpeg((IFfmpeg)ActivatorUtilities.CreateInstance(services, bare)));
        var studio = new Studio(builder.Build());
        await studio.MakeFilesAsync();
        return studio;
    }

    /// <summary>Path of a file in the folder: <c>photo.jpg</c>, <c>logo.png</c> and <c>music.wav</c> are there, for every contestant.</summary>
    public string File(string name) => Path.Combine(Folder, name);

    /// <summary>Makes a film of a template.</summary>
    /// <returns>Its path.</returns>
    public async Task<string> MakeAsync(JsonElement template, FinalEncode encode) => await MakeAsync(Timeline(template), new FilmEncoding("mp4", encode));

    /// <summary>Draws one moment of a template, as a preview does.</summary>
    public async Task<string> DrawAsync(JsonElement template, double second) =>
        await MakeAsync(TemplateRenderer.At(Timeline(template), second), new FilmEncoding("png", null));

    /// <summary>Seconds that work takes.</summary>
    public async Task<double> SecondsAsync(Func<Task> work) => (await CostAsync(work)).Wall;

    /// <summary>What work costs: its time, and the processors' of this process and of every ffmpeg.</summary>
    public async Task<Cost> CostAsync(Func<Task> work)
    {
        var (began, spent) = (Stopwatch.GetTimestamp(), Spent());
        await work();
        return new Cost(Stopwatch.GetElapsedTime(began).TotalSeconds, Spent() - spent);

        double Spent() => Environment.CpuUsage.TotalTime.TotalSeconds + ((MeasuredFfmpeg)Ffmpeg).ProcessorSeconds;
    }

    public static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)host).DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>When a template shows what.</summary>
    public Timeline Timeline(JsonElement template)
    {
        var reading = TemplateReader.Read(template, new Dictionary<string, JsonElement>());
        return reading.Template is { } read
            ? Schedule.Of(read, assets.ToDictionary(pair => pair.Key, pair => pair.Value.Info.ToFacts()))
            : throw new InvalidOperationException(string.Join('\n', reading.Problems));
    }

    private async Task<string> MakeAsync(Timeline timeline, FilmEncoding encoding)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, Path.GetRandomFileName())).FullName;
        return await host.Services.GetRequiredService<IFilms>().MakeAsync(new FilmOrder { Timeline = timeline, Assets = assets, Encoding = encoding, Folder = folder }, CancellationToken.None);
    }

    private async Task MakeFilesAsync()
    {
        await DrawFileAsync("photo.jpg", "gradients=s=1920x1080:c0=0x1b3a5c:c1=0xe0813f:c2=0x2f9e6e:n=3:seed=7:d=1:r=1,noise=alls=3", ["-frames:v", "1", "-q:v", "2"]);
        await DrawFileAsync("logo.png", "color=0xff5a36@0.9:s=160x60:d=1,format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='if(lt(hypot(X-80,(Y-30)*2.6),78),230,0)'", ["-frames:v", "1"]);
        await DrawFileAsync("music.wav", "aevalsrc='0.2*sin(220*2*PI*t)+0.1*sin(331*2*PI*t)*sin(2*PI*t)':s=48000:d=12", []);
        foreach (var name in new[] { "photo.jpg", "logo.png", "music.wav" })
            assets[$"https://bench.invalid/{name}"] = new Asset(File(name), await host.Services.GetRequiredService<IMediaProbe>().ProbeAsync(File(name), CancellationToken.None));
    }

    private Task<string> DrawFileAsync(string name, string source, ImmutableArray<string> options) => Ffmpeg.RunAsync(
        new FfmpegCommand { Inputs = [new FfmpegInput(source) { Format = "lavfi" }], Outputs = [new FfmpegOutput(File(name)) { Options = options }] }, Folder, null, CancellationToken.None);
}
