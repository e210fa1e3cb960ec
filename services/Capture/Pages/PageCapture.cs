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
internal sealed class PageCapture(IBrowserLauncher launcher, GuardedConnector connector, IFfmpeg ffmpeg, IMediaProbe probe, StageSecrets secrets, TimeProvider time, IOptions<CaptureOptions> options)
{
    /// <summary>Shares of the stage's time, as seen on a page of six screens filmed for 20 s.</summary>
    private const double ScoutShare = 0.1, TakeShare = 0.6, ComposeShare = 0.97;

    /// <exception cref="StageException">The page cannot be filmed.</exception>
    public Task<StageResult> CaptureAsync(CapturePage command, StageWork work, CancellationToken cancellationToken) =>
        OnPageAsync(command, work, null, (session, witness) => CaptureAsync(session, command, work, witness, cancellationToken), cancellationToken);

    /// <summary>Films some frames of a take.</summary>
    /// <exception cref="StageException">The page cannot be filmed.</exception>
    public Task<StageResult> FilmPartAsync(CapturePart part, StageWork work, CancellationToken cancellationToken)
    {
        var (from, to, command) = (part.Parameters.From, part.Parameters.To, new CapturePage { Run = part.Run, Parameters = part.Parameters.Capture, Inputs = part.Inputs });
        return OnPageAsync(command, work, part.Parameters.Clock, async (session, _) =>
        {
            var report = await session.ReportAsync(share => work.Report(share * ScoutShare, "visiting the page"), cancellationToken);
            var plan = await session.PlanAsync(report.Map, cancellationToken);
            var scroll = new PlannedScroll(plan, from, to);
            var frames = work.PathOf("frames.mkv");
            var timeline = await session.FilmAsync(report, scroll, frames, shot => work.Report(ScoutShare + (1 - ScoutShare) * shot / (to - from), "filming"), cancellationToken);
            WarnOfRefusals(session, work);
            return new StageResult { Files = await TakeParts.FilesAsync(frames, timeline, scroll, work, cancellationToken) };
        }, cancellationToken);
    }

    /// <summary>Joins the parts of a take, and makes its films.</summary>
    /// <exception cref="StageException"><c>capture.parts_disagree</c>: two parts do not meet; or a film cannot be made.</exception>
    public Task<StageResult> JoinAsync(JoinTake join, StageWork work, CancellationToken cancellationToken)
    {
        var command = new CapturePage { Run = join.Run, Parameters = join.Parameters.Capture with { Parts = 1 }, Inputs = join.Inputs, Encode = join.Encode };
        return OnPageAsync(command, work, null, async (session, witness) =>
        {
            var report = await session.ReportAsync(_ => { }, cancellationToken);
            var plan = await session.PlanAsync(report.Map, cancellationToken);
            var (frames, timeline) = await new TakeParts(ffmpeg, work).JoinAsync(join, cancellationToken);
            await session.Parts.KeepTakeAsync(session.Keys.Take(report, plan, plan.DeviceScale), await session.DevelopAsync(frames, timeline, cancellationToken), cancellationToken);
            return await CaptureAsync(session, command, work, witness, cancellationToken) with { Facts = Reused(false) };
        }, cancellationToken);
    }

    private async Task<StageResult> OnPageAsync(
        CapturePage command, StageWork work, DateTimeOffset? clock, Func<PageSession, Witness, Task<StageResult>> act, CancellationToken cancellationToken)
    {
        var witness = new Witness(work.Folder);
        try
        {
            await using var session = await PageSession.OpenAsync(
                command, work, secrets.Open(command.Parameters.Secrets), witness, ffmpeg,
                (site, visitor) => new Studio(launcher, connector, site, visitor, options.Value.BrowserBudget, clock), cancellationToken);
            return await act(session, witness);
        }
        catch (BrowserException e)
        {
            throw witness.Tell(BrowserFailures.Of(e), e);
        }
    }

    private async Task<StageResult> CaptureAsync(PageSession session, CapturePage command, StageWork work, Witness witness, CancellationToken cancellationToken)
    {
        var parameters = command.Parameters;
        var report = await session.ReportAsync(share => work.Report(share * ScoutShare, "visiting the page"), cancellationToken);
        work.Report(ScoutShare, "planning");
        KeptTake take;
        ShotPlan plan;
        var reused = true;
        if (parameters.Mode == CaptureMode.Script)
        {
            take = await PerformAsync();
            plan = ScriptShots.For(take.Timeline, session.Settings);
        }
        else
        {
            // The plan first, the take after it: what the camera is to see decides where the page is scrolled to.
            plan = await session.PlanAsync(report.Map, cancellationToken);
            if (await session.FindTakeAsync(report, plan, cancellationToken) is { } kept)
            {
                take = kept;
            }
            else if (TakeParts.Cuts(plan.Frames, parameters.Parts, plan.Fps) is { Length: > 2 } cuts)
            {
                return new StageResult { Files = new Dictionary<string, OutputFile>(), Expansion = TakeParts.Of(parameters, cuts, time.GetUtcNow()) };
            }
            else
            {
                take = await session.Parts.KeepTakeAsync(session.Keys.Take(report, plan, plan.DeviceScale), await TakeAsync(new PlannedScroll(plan), plan.Frames), cancellationToken);
            }
        }

        foreach (var warning in report.Warnings)
        {
            work.Warn(warning.Code, warning.Detail);
        }

        WarnOfRefusals(session, work);
        return await new PageFilms(ffmpeg, probe, command, work).ComposeAsync(
            plan, take, session.Settings.Window, share => work.Report(TakeShare + share * (ComposeShare - TakeShare), "composing"), cancellationToken) with { Facts = Reused(reused) };

        // The take first: how long the steps last and where they lead is the page's business.
        async Task<KeptTake> PerformAsync()
        {
            var (request, keys) = (session.Request, session.Keys);
            var scale = TakeScale.RoundUp(Math.Max(ScriptShots.ScaleFor(session.Settings), parameters.Scale));
            var script = new ScriptSettings
            {
                Steps = [.. parameters.Steps],
                Values = session.Visitor.Values,
                Origins = [ScriptGuard.OriginOf(request.Url), ScriptGuard.OriginOf(new Uri(report.Url)), .. parameters.Origins.Select(origin => ScriptGuard.OriginOf(new Uri(origin)))],
                Fps = parameters.Fps,
                Scale = scale,
                ViewportWidth = request.ViewportWidth,
                ViewportHeight = request.ViewportHeight,
            };
            return await session.Parts.FindTakeAsync(TakeScale.Serving(scale).Select(each => keys.Take(parameters, each)), cancellationToken)
                ?? await session.Parts.KeepTakeAsync(keys.Take(parameters, scale), await TakeAsync(new ScriptPerformance(script, witness), ScriptPerformance.RoughFrames(script)), cancellationToken);
        }

        async Task<FilmedTake> TakeAsync(IPerformance performance, int expected)
        {
            reused = false;
            var frames = work.PathOf("frames.mkv");
            var timeline = await session.FilmAsync(
                report, performance, frames, shot => work.Report(ScoutShare + Math.Min(1, (double)shot / expected) * (TakeShare - ScoutShare), "filming"), cancellationToken);
            return await session.DevelopAsync(frames, timeline, cancellationToken);
        }
    }

    // Whether no browser filmed: the page did not change, or another stage or job has filmed it.
    private static Dictionary<string, JsonElement> Reused(bool reused) => new() { ["takeReused"] = JsonSerializer.SerializeToElement(reused) };

    private static void WarnOfRefusals(PageSession session, StageWork work)
    {
        if (session.WasRefused)
        {
            work.Warn("capture.requests_refused", "Parts of the page lie at addresses that are not public, and are missing from the film.");
        }
    }
}
