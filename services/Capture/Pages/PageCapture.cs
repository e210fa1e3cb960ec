using System.Text.Json;
using Microsoft.Extensions.Options;
using Platform.Browser;
using Platform.Capture.Camera;
using Platform.Capture.Takes;
using Platform.Capture.Takes.Script;
using Platform.Contracts;
using Platform.Egress;
using Platform.Ffmpeg;
using Platform.ServiceDefaults;
using Platform.Stages;

namespace Platform.Capture.Pages;

/// <summary>
/// Films a page: visits it, plans, takes, composes. The visit and the take are kept under fingerprints of their own, so that another
/// camera over the same page needs no browser.
/// </summary>
internal sealed class PageCapture(IBrowserLauncher launcher, GuardedConnector connector, IFfmpeg ffmpeg, IMediaProbe probe, StageSecrets secrets, IOptions<CaptureOptions> options)
{
    /// <summary>Shares of the stage's time, as seen on a page of six screens filmed for 20 s.</summary>
    private const double ScoutShare = 0.1, TakeShare = 0.6, ComposeShare = 0.97;

    /// <exception cref="StageException">The page cannot be filmed.</exception>
    public async Task<StageResult> CaptureAsync(CapturePage command, StageWork work, CancellationToken cancellationToken)
    {
        var witness = new Witness(work.Folder);
        try
        {
            return await CaptureAsync(command, work, witness, cancellationToken);
        }
        catch (BrowserException e)
        {
            throw witness.Tell(BrowserFailures.Of(e), e);
        }
        catch (MediaException e)
        {
            throw new StageException(e.Code, e.Transient ? FailureKind.Transient : FailureKind.Permanent, e.Message, e);
        }
    }

    private async Task<StageResult> CaptureAsync(CapturePage command, StageWork work, Witness witness, CancellationToken cancellationToken)
    {
        var parameters = command.Parameters;
        var site = await SiteOfAsync(command, work, cancellationToken);
        var request = RequestFor(parameters, site);
        var settings = PlanFor(parameters, request);
        var keys = new PartKeys(command, request);
        var visitor = Visitor.Of(secrets.Open(parameters.Secrets), request.Url);
        await using var studio = new Studio(launcher, connector, site?.Files, visitor, options.Value.BrowserBudget);

        var parts = new CaptureParts(work);
        var report = await parts.FindReportAsync(keys.Visit, cancellationToken)
            ?? await parts.KeepReportAsync(keys.Visit, await VisitAsync(), cancellationToken);
        work.Report(ScoutShare, "planning");
        var (take, plan) = parameters.Mode == CaptureMode.Script ? await PerformAsync() : await DirectAsync();

        foreach (var warning in report.Warnings)
        {
            work.Warn(warning.Code, warning.Detail);
        }

        if (studio.Refusals > 0)
        {
            work.Warn("capture.requests_refused", "Parts of the page lie at addresses that are not public, and are missing from the film.");
        }

        return await new PageFilms(ffmpeg, probe, command, work).ComposeAsync(
            plan, take, settings.Window, share => work.Report(TakeShare + share * (ComposeShare - TakeShare), "composing"), cancellationToken);

        async Task<ScoutReport> VisitAsync()
        {
            work.Report(0, "visiting the page");
            return await new PageScout(studio, request, TakeScale.RoundUp(settings.FilmScale), witness).VisitAsync(share => work.Report(share * ScoutShare, "visiting the page"), cancellationToken);
        }

        // The plan first, the take after it: what the camera is to see decides where the page is scrolled to.
        async Task<(KeptTake, ShotPlan)> DirectAsync()
        {
            var plan = TakeScale.RoundUp(await PlanAsync(command, work, report.Map, settings, cancellationToken), parameters.Scale);
            var take = await parts.FindTakeAsync(TakeScale.Serving(plan.DeviceScale).Select(scale => keys.Take(plan, scale)), cancellationToken)
                ?? await parts.KeepTakeAsync(keys.Take(plan, plan.DeviceScale), await TakeAsync(new PlannedScroll(plan), plan.Frames), cancellationToken);
            return (take, plan);
        }

        // The take first: how long the steps last and where they lead is the page's business.
        async Task<(KeptTake, ShotPlan)> PerformAsync()
        {
            var scale = TakeScale.RoundUp(Math.Max(ScriptShots.ScaleFor(settings), parameters.Scale));
            var script = new ScriptSettings
            {
                Steps = [.. parameters.Steps],
                Values = visitor.Values,
                Origins = [ScriptGuard.OriginOf(request.Url), ScriptGuard.OriginOf(new Uri(report.Url)), .. parameters.Origins.Select(origin => ScriptGuard.OriginOf(new Uri(origin)))],
                Fps = parameters.Fps,
                Scale = scale,
                ViewportWidth = request.ViewportWidth,
                ViewportHeight = request.ViewportHeight,
            };
            var take = await parts.FindTakeAsync(TakeScale.Serving(scale).Select(each => keys.Take(parameters, each)), cancellationToken)
                ?? await parts.KeepTakeAsync(keys.Take(parameters, scale), await TakeAsync(new ScriptPerformance(script, witness), ScriptPerformance.RoughFrames(script)), cancellationToken);
            return (take, ScriptShots.For(take.Timeline, settings));
        }

        async Task<FilmedTake> TakeAsync(IPerformance performance, int expected)
        {
            var frames = work.PathOf("frames.mkv");
            var timeline = await new PageFilm(studio, request, witness, ffmpeg).FilmAsync(
                report, performance, frames, shot => work.Report(ScoutShare + Math.Min(1, (double)shot / expected) * (TakeShare - ScoutShare), "filming"), cancellationToken);
            var written = work.PathOf("timeline.json");
            await File.WriteAllTextAsync(written, JsonSerializer.Serialize(timeline, JsonSerializerOptions.Web), cancellationToken);
            var whole = work.PathOf("take.mkv");
            await ffmpeg.RunAsync(TakeEncoding.WithTimeline(frames, written, whole), work.Folder, null, cancellationToken);
            File.Delete(frames);
            return new FilmedTake(whole, written, timeline);
        }
    }

    // The director's plan, or the user's.
    private static async Task<ShotPlan> PlanAsync(CapturePage command, StageWork work, PageMap map, PlanSettings settings, CancellationToken cancellationToken) =>
        command.Parameters.Shots is { } shots
            ? Director.Take(map, settings, await GivenShots.ReadAsync(await work.FetchAsync(command.Inputs[shots.Text], cancellationToken), settings, cancellationToken))
            : Director.Plan(map, settings);

    private static async Task<(string Host, SiteFiles Files)?> SiteOfAsync(CapturePage command, StageWork work, CancellationToken cancellationToken)
    {
        if (!Media.TryParse(command.Parameters.Url, out var page) || page.Kind != MediaKind.Site)
        {
            return null;
        }

        var index = command.Inputs.TryGetValue(page.Text, out var artifact)
            ? JsonSerializer.Deserialize<SiteIndex>(await File.ReadAllTextAsync(await work.FetchAsync(artifact, cancellationToken), cancellationToken), ContractJson.Options)!
            : throw new StageException("capture.site_missing", FailureKind.Permanent, "The uploaded site is not there.");
        return (page.Name, new SiteFiles(page.Name, index, work));
    }

    private static PageRequest RequestFor(CaptureParameters parameters, (string Host, SiteFiles Files)? site)
    {
        var (width, height) = parameters.Formats is null ? Viewports.For(parameters.Device, parameters.Format) : SharedView.For(parameters.Device);
        return new PageRequest
        {
            Url = site is { } served ? SiteAddress.For(served.Host) : new Uri(parameters.Url),
            ViewportWidth = width,
            ViewportHeight = height,
            Mobile = parameters.Device != CaptureDevice.Desktop,
            Dark = parameters.Dark,
            Locale = parameters.Locale,
            Hide = [.. parameters.Hide],
            Cleanup = parameters.Cleanup,
        };
    }

    private static PlanSettings PlanFor(CaptureParameters parameters, PageRequest request) => new()
    {
        ViewportWidth = request.ViewportWidth,
        ViewportHeight = request.ViewportHeight,
        FieldHeight = parameters.Formats is null ? request.ViewportHeight : SharedView.FieldHeight(parameters.Device),
        Formats = PageFilms.FormatsOf(parameters),
        Window = PageFilms.WindowOf(parameters.Camera, Math.Min(request.ViewportWidth, request.ViewportHeight)),
        EndCard = PageFilms.EndCardOf(parameters),
        LongestWait = parameters.LongestWait,
        LongestStill = parameters.LongestStill ?? 0,
        Duration = parameters.Duration,
        Fps = parameters.Fps,
        Mode = parameters.Mode switch { CaptureMode.Scroll => TakeMode.Scroll, CaptureMode.Still => TakeMode.Still, _ => TakeMode.Director },
        Intensity = parameters.Camera.Intensity switch
        {
            Contracts.CameraIntensity.None => Takes.CameraIntensity.None,
            Contracts.CameraIntensity.Calm => Takes.CameraIntensity.Calm,
            Contracts.CameraIntensity.Lively => Takes.CameraIntensity.Lively,
            _ => Takes.CameraIntensity.Normal,
        },
    };
}
