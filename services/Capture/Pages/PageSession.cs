using System.Text.Json;
using Platform.Capture.Camera;
using Platform.Capture.Takes;
using Platform.Contracts;
using Platform.Egress;
using Platform.Ffmpeg;
using Platform.Stages;

namespace Platform.Capture.Pages;

/// <summary>One command's page: what is asked of it, the browser that sees it, and what the store keeps of it.</summary>
internal sealed class PageSession : IAsyncDisposable
{
    private readonly CapturePage command;
    private readonly StageWork work;
    private readonly IFfmpeg ffmpeg;
    private readonly Witness witness;
    private readonly Studio studio;

    private PageSession(CapturePage command, StageWork work, IFfmpeg ffmpeg, Witness witness, Studio studio, PageRequest request, Visitor visitor)
    {
        (this.command, this.work, this.ffmpeg, this.witness, this.studio) = (command, work, ffmpeg, witness, studio);
        (Request, Visitor, Settings) = (request, visitor, PlanFor(command.Parameters, request));
        Keys = new PartKeys(command, request);
        Parts = new CaptureParts(work);
    }

    public PageRequest Request { get; }

    public Visitor Visitor { get; }

    public PlanSettings Settings { get; }

    public PartKeys Keys { get; }

    public CaptureParts Parts { get; }

    /// <summary>Whether the page asked for what is not at a public address.</summary>
    public bool WasRefused => studio.Refusals > 0;

    /// <param name="command">What is asked.</param>
    /// <param name="work">The stage's work.</param>
    /// <param name="secrets">Whom the page takes us for, opened.</param>
    /// <param name="witness">Sees the page.</param>
    /// <param name="ffmpeg">Encodes takes.</param>
    /// <param name="studio">Makes the browser for a site and a visitor. It starts when it is first needed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StageException">The uploaded site is not there.</exception>
    public static async Task<PageSession> OpenAsync(
        CapturePage command, StageWork work, CaptureSecrets? secrets, Witness witness, IFfmpeg ffmpeg, Func<ISiteSource?, Visitor, Studio> studio, CancellationToken cancellationToken)
    {
        var site = await SiteOfAsync(command, work, cancellationToken);
        var request = RequestFor(command.Parameters, site);
        var visitor = Visitor.Of(secrets, request.Url);
        return new PageSession(command, work, ffmpeg, witness, studio(site?.Files, visitor), request, visitor);
    }

    /// <summary>What a visit finds, or found.</summary>
    /// <exception cref="StageException">The page is not one to film.</exception>
    public async Task<ScoutReport> ReportAsync(Action<double> progress, CancellationToken cancellationToken)
    {
        if (await Parts.FindReportAsync(Keys.Visit, cancellationToken) is { } known)
        {
            return known;
        }

        progress(0);
        var scout = new PageScout(studio, Request, TakeScale.RoundUp(Settings.FilmScale), witness, command.Parameters.Reuse);
        return await Parts.KeepReportAsync(Keys.Visit, await scout.VisitAsync(progress, cancellationToken), cancellationToken);
    }

    /// <summary>The director's plan, or the user's, at the scale that its take has.</summary>
    /// <exception cref="StageException"><c>capture.shots_invalid</c>.</exception>
    public async Task<ShotPlan> PlanAsync(PageMap map, CancellationToken cancellationToken) => TakeScale.RoundUp(
        command.Parameters.Shots is { } shots
            ? Director.Take(map, Settings, await GivenShots.ReadAsync(await work.FetchAsync(command.Inputs[shots.Text], cancellationToken), Settings, cancellationToken))
            : Director.Plan(map, Settings),
        command.Parameters.Scale);

    /// <summary>The take of a plan, if the store has one that serves.</summary>
    public Task<KeptTake?> FindTakeAsync(ScoutReport report, ShotPlan plan, CancellationToken cancellationToken) =>
        Parts.FindTakeAsync(TakeScale.Serving(plan.DeviceScale).Select(scale => Keys.Take(report, plan, scale)), cancellationToken);

    /// <summary>Films frames, without the timeline in their file.</summary>
    public Task<Timeline> FilmAsync(ScoutReport report, IPerformance performance, string path, Action<int> shot, CancellationToken cancellationToken) =>
        new PageFilm(studio, Request, witness, ffmpeg).FilmAsync(report, performance, path, shot, cancellationToken);

    /// <summary>A take of frames and what they show. The frames' own file goes.</summary>
    public async Task<FilmedTake> DevelopAsync(string frames, Timeline timeline, CancellationToken cancellationToken)
    {
        var written = work.PathOf("timeline.json");
        await File.WriteAllTextAsync(written, JsonSerializer.Serialize(timeline, JsonSerializerOptions.Web), cancellationToken);
        var whole = work.PathOf("take.mkv");
        await ffmpeg.RunAsync(TakeEncoding.WithTimeline(frames, written, whole), work.Folder, null, cancellationToken);
        File.Delete(frames);
        return new FilmedTake(whole, written, timeline);
    }

    public ValueTask DisposeAsync() => studio.DisposeAsync();

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
