using System.Security.Cryptography;
using System.Text.Json;
using Platform.Capture.Camera;
using Platform.Capture.Takes;
using Platform.Contracts;
using Platform.Stages;

namespace Platform.Capture.Pages;

/// <summary>A take just made, in the workspace.</summary>
internal sealed record FilmedTake(string Path, string TimelinePath, Timeline Timeline);

/// <summary>A take that the store keeps, fetched into the workspace.</summary>
internal sealed record KeptTake(string Path, Timeline Timeline, StageOutput Output);

/// <summary>Scales of takes. Pure.</summary>
internal static class TakeScale
{
    private const double Step = 0.25, Most = 4;

    /// <summary>The plan with its scale on the grid of quarters, so that frames have whole even pixels and takes of near scales are the same take.</summary>
    public static ShotPlan RoundUp(ShotPlan plan, double least) => plan with { DeviceScale = RoundUp(Math.Max(plan.DeviceScale, least)) };

    public static double RoundUp(double scale) => Math.Clamp(Math.Ceiling(scale / Step - 1e-6) * Step, 1, Most);

    /// <summary>Scales at which a take serves as well as at this one: it and every larger one.</summary>
    public static IEnumerable<double> Serving(double least)
    {
        for (var scale = least; scale <= Most; scale += Step)
        {
            yield return scale;
        }
    }
}

/// <summary>Fingerprints of the parts of a capture: the visit, and the take.</summary>
internal sealed class PartKeys
{
    /// <summary>Raised when a visit or a take of the same page begins to give something else.</summary>
    public const int Version = 4;

    private readonly CapturePage command;
    private readonly PageRequest request;
    private readonly string? secrets;

    public PartKeys(CapturePage command, PageRequest request)
    {
        (this.command, this.request, secrets) = (command, request, SecretsOf(command.Parameters.Secrets));
        Visit = Hash(new { part = "capture.visit", Version, page = Page(null), command.Parameters.Reuse });
    }

    public string Visit { get; }

    /// <summary>Everything that the take's frames depend on: the page, the rate, where it is scrolled to at every frame, the scale.</summary>
    public string Take(ScoutReport report, ShotPlan plan, double scale) =>
        Hash(new { part = "capture.take", Version, page = Page(report.Look), plan.Fps, plan.Frames, plan.Scroll, scale });

    /// <summary>As <see cref="Take(ScoutReport, ShotPlan, double)"/>, of a take in which a script is done.</summary>
    public string Take(CaptureParameters script, double scale) => Hash(new { part = "capture.script", Version, page = Page(null), script.Fps, script.Steps, script.Origins, scale });

    // What lies on the web changes: a page of it is the same only within its job, or while it looks the same.
    private object Page(string? look)
    {
        var source = command.Inputs.TryGetValue(command.Parameters.Url, out var site) ? site.Sha256 : $"{look ?? command.Run.JobId.ToString()} {command.Parameters.Url}";
        return new { source, request = request with { Url = new Uri("about:blank") }, secrets };
    }

    // Of secrets that were never sealed there is no keyed hash: what was made with them serves this once only.
    private static string? SecretsOf(Sealed<CaptureSecrets>? secrets) => secrets is null ? null : secrets.Text is { } text ? SealedText.Fingerprint(text) : Guid.NewGuid().ToString();

    private static string Hash(object content) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(content)));
}

/// <summary>Keeps and finds the parts of a capture.</summary>
internal sealed class CaptureParts(StageWork work)
{
    private const string Report = "report", Take = "take", TimelineName = "timeline";

    public async Task<ScoutReport?> FindReportAsync(string key, CancellationToken cancellationToken) =>
        await work.FindPartAsync(key, cancellationToken) is { } manifest ? await ReadAsync<ScoutReport>(manifest, Report, cancellationToken) : null;

    public async Task<ScoutReport> KeepReportAsync(string key, ScoutReport report, CancellationToken cancellationToken)
    {
        var path = work.PathOf("report.json");
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(report, JsonSerializerOptions.Web), cancellationToken);
        await work.KeepPartAsync(key, PartKeys.Version, new Dictionary<string, OutputFile> { [Report] = new(path, "application/json") }, cancellationToken);
        return report;
    }

    /// <summary>The first of these takes that is kept.</summary>
    public async Task<KeptTake?> FindTakeAsync(IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        foreach (var key in keys)
        {
            if (await work.FindPartAsync(key, cancellationToken) is { } manifest)
            {
                var timeline = await ReadAsync<Timeline>(manifest, TimelineName, cancellationToken);
                return new KeptTake(await work.FetchAsync(manifest.Outputs[Take].Artifacts[0], cancellationToken), timeline, manifest.Outputs[Take]);
            }
        }

        return null;
    }

    public async Task<KeptTake> KeepTakeAsync(string key, FilmedTake take, CancellationToken cancellationToken)
    {
        var timeline = take.Timeline;
        var facts = new MediaFacts
        {
            Duration = (double)timeline.Frames / timeline.Fps,
            Width = timeline.FrameWidth,
            Height = timeline.FrameHeight,
            FrameRate = timeline.Fps,
            VideoCodec = "h264",
        };
        var files = new Dictionary<string, OutputFile>
        {
            [Take] = new(take.Path, "video/x-matroska", facts),
            [TimelineName] = new(take.TimelinePath, "application/json"),
        };
        var manifest = await work.KeepPartAsync(key, PartKeys.Version, files, cancellationToken);
        return new KeptTake(take.Path, timeline, manifest.Outputs[Take]);
    }

    private async Task<T> ReadAsync<T>(StageManifest manifest, string output, CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize<T>(await File.ReadAllTextAsync(await work.FetchAsync(manifest.Outputs[output].Artifacts[0], cancellationToken), cancellationToken), JsonSerializerOptions.Web)!;
}
