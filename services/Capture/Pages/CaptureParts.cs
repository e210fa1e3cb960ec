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
    public static ShotPlan RoundUp(ShotPlan plan) => plan with { DeviceScale = RoundUp(plan.DeviceScale) };

    public static double RoundUp(double scale) => Math.Clamp(Math.Ceiling(scale / Step - 1e-6) * Step, 1, Most);

    /// <summary>Scales at which a take serves the plan: its own and every larger one.</summary>
    public static IEnumerable<double> Serving(ShotPlan plan)
    {
        for (var scale = plan.DeviceScale; scale <= Most; scale += Step)
        {
            yield return scale;
        }
    }
}

/// <summary>Fingerprints of the parts of a capture: the visit, and the take.</summary>
internal sealed class PartKeys
{
    /// <summary>Raised when a visit or a take of the same page begins to give something else.</summary>
    public const int Version = 1;

    private readonly object page;

    public PartKeys(CapturePage command, PageRequest request)
    {
        // What lies on the web changes: a page of it is the same only within its job.
        var source = command.Inputs.TryGetValue(command.Parameters.Url, out var site) ? site.Sha256 : $"{command.Run.JobId} {command.Parameters.Url}";
        page = new { source, request = request with { Url = new Uri("about:blank") } };
        Visit = Hash(new { part = "capture.visit", Version, page });
    }

    public string Visit { get; }

    /// <summary>Everything that the take's frames depend on: the page, the rate, where it is scrolled to at every frame, the scale.</summary>
    public string Take(ShotPlan plan, double scale) => Hash(new { part = "capture.take", Version, page, plan.Fps, plan.Frames, plan.Scroll, scale });

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

    public async Task<KeptTake?> FindTakeAsync(PartKeys keys, ShotPlan plan, CancellationToken cancellationToken)
    {
        foreach (var scale in TakeScale.Serving(plan))
        {
            if (await work.FindPartAsync(keys.Take(plan, scale), cancellationToken) is { } manifest)
            {
                var timeline = await ReadAsync<Timeline>(manifest, TimelineName, cancellationToken);
                return new KeptTake(await work.FetchAsync(manifest.Outputs[Take].Artifacts[0], cancellationToken), timeline, manifest.Outputs[Take]);
            }
        }

        return null;
    }

    public async Task<KeptTake> KeepTakeAsync(PartKeys keys, ShotPlan plan, FilmedTake take, CancellationToken cancellationToken)
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
        var manifest = await work.KeepPartAsync(keys.Take(plan, plan.DeviceScale), PartKeys.Version, files, cancellationToken);
        return new KeptTake(take.Path, timeline, manifest.Outputs[Take]);
    }

    private async Task<T> ReadAsync<T>(StageManifest manifest, string output, CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize<T>(await File.ReadAllTextAsync(await work.FetchAsync(manifest.Outputs[output].Artifacts[0], cancellationToken), cancellationToken), JsonSerializerOptions.Web)!;
}
