using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Render.Films;
using Platform.Templates;

namespace Platform.Render.Tests;

/// <summary>The render service, and templates to render and to look at.</summary>
[CollectionDefinition(Name)]
public sealed class RenderHarness() : StageHarness("render", builder => builder.AddRender(), bus => bus.AddRender()), ICollectionFixture<RenderHarness>
{
    /// <summary>Of the tests that share it: one service, one browser, one after another.</summary>
    public const string Name = "render";

    protected override Dictionary<string, string?> Settings() => new() { ["Render:ChunkSeconds"] = "2" };

    /// <summary>What makes films below the bus.</summary>
    internal IFilms Films => Services.GetRequiredService<IFilms>();

    public IInstalledTransitions Transitions => Services.GetRequiredService<IInstalledTransitions>();

    /// <summary>Runs the stage; gives its answer and, when it was made, the film's path. Files stand in the template as <c>library:NAME</c>.</summary>
    public async Task<(object Answer, string Film)> RenderAsync(string template, string input = "{}", string format = "mp4", bool final = true, double at = 0, params (string Name, string Path)[] files)
    {
        var reading = TemplateReader.Read(JsonDocument.Parse(template).RootElement, JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(input)!);
        Assert.Empty(reading.Problems);
        var inputs = new Dictionary<string, Artifact>();
        foreach (var (name, path) in files) inputs[$"library:{name}"] = await PutAsync(path);
        var answer = await AnswerAsync(Queues.Render, "render", run => new RenderTemplate
        {
            Run = run,
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
        Completed(answer);
        return film;
    }

    /// <summary>Asks for one moment of a template, as somebody who waits for it does.</summary>
    public async Task<string> PreviewAsync(JsonElement template, double at)
    {
        var reading = TemplateReader.Read(template, new Dictionary<string, JsonElement>());
        Assert.Empty(reading.Problems);
        var bus = Services.GetRequiredService<IBus>();
        var client = bus.CreateRequestClient<PreviewTemplate>(new Uri($"queue:{Queues.Preview}"), TimeSpan.FromMinutes(4));
        var answer = await client.GetResponse<TemplatePreviewed>(new PreviewTemplate { Tenant = Tenant, Template = reading.Snapshot, At = at, Inputs = new Dictionary<string, Artifact>() });
        return await FileAsync(answer.Message.Picture ?? throw new InvalidOperationException(answer.Message.Failure!.ToString()));
    }

    /// <summary>Asks what is wrong with a template's layout.</summary>
    public async Task<IReadOnlyList<LayoutWarning>> LintAsync(JsonElement template, string zone = "title")
    {
        var reading = TemplateReader.Read(template, new Dictionary<string, JsonElement>());
        Assert.Empty(reading.Problems);
        var client = Services.GetRequiredService<IBus>().CreateRequestClient<LintTemplate>(new Uri($"queue:{Queues.Lint}"), TimeSpan.FromMinutes(4));
        var answer = await client.GetResponse<TemplateLinted>(new LintTemplate { Tenant = Tenant, Template = reading.Snapshot, SafeZone = zone, Inputs = new Dictionary<string, Artifact>() });
        return answer.Message.Failure is { } failure ? throw new InvalidOperationException(failure.ToString()) : answer.Message.Warnings;
    }

    public Task<string> FileAsync(StageCompleted completed) => FileAsync(completed.Outputs["video"].Artifacts[0]);

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
