using System.Collections.Immutable;
using System.Threading.Channels;
using Platform.Browser;
using Platform.Ffmpeg;

namespace Platform.Capture.Takes;

/// <summary>Films a page while something happens on it: the browser draws while ffmpeg encodes.</summary>
internal sealed class PageFilm(Studio studio, PageRequest request, Witness witness, IFfmpeg ffmpeg)
{
    /// <summary>Frames that may wait for the encoder; then the browser waits, too.</summary>
    private const int FramesInFlight = 8;

    /// <summary>The page's time until it must have said that it is loaded; the visit before has filled the browser's cache.</summary>
    private static readonly TimeSpan LoadLimit = TimeSpan.FromSeconds(30);

    /// <summary>The page's time for fonts and pictures of the first screen: short, for what plays on arrival belongs to the film.</summary>
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(2);

    /// <summary>The film begins once there is something to see, at the latest after this much of the page's time.</summary>
    private static readonly TimeSpan CurtainLimit = TimeSpan.FromSeconds(4);

    /// <summary>Makes the take's frames at <paramref name="path"/>.</summary>
    /// <returns>What they show.</returns>
    /// <param name="report">What the visit found.</param>
    /// <param name="performance">What happens.</param>
    /// <param name="path">Where the frames are written.</param>
    /// <param name="shot">Told the number of frames after each.</param>
    /// <param name="cancellationToken">Ends browser and encoder.</param>
    /// <exception cref="Stages.StageException">The page, the script or the browser failed; with the last frame.</exception>
    /// <exception cref="MediaException">The encoder failed.</exception>
    public async Task<Timeline> FilmAsync(ScoutReport report, IPerformance performance, string path, Action<int> shot, CancellationToken cancellationToken)
    {
        var frames = Channel.CreateBounded<byte[]>(FramesInFlight);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var encoding = ffmpeg.RunAsync(
            TakeEncoding.Command(performance.Fps, path, (pipe, token) => WriteAsync(frames.Reader, pipe, token)), Path.GetDirectoryName(path)!, null, both.Token);
        var filming = witness.WatchAsync(() => DrawAsync(report, performance, frames.Writer, shot, both.Token));

        // Whichever fails first ends the other, and is the reason that is told.
        var first = await Task.WhenAny(encoding, filming);
        if (!first.IsCompletedSuccessfully)
        {
            await both.CancelAsync();
            await Task.WhenAny(Task.WhenAll(encoding, filming)); // both are over before the browser and the folder go
            await first;
        }

        var timeline = await filming;
        await encoding;
        return timeline;
    }

    private async Task<Timeline> DrawAsync(ScoutReport report, IPerformance performance, ChannelWriter<byte[]> frames, Action<int> shot, CancellationToken cancellationToken)
    {
        ImmutableArray<string> hide = request.Cleanup ? [.. request.Hide, .. Clutter.Selectors, .. report.Walls] : request.Hide;
        using var page = await studio.OpenAsync(request, hide, performance.Scale, performance.Fps, cancellationToken);
        await ArriveAsync(page, cancellationToken);

        var reel = new Reel(page, performance.Fps, frames, witness, shot);
        await performance.PerformAsync(page, reel, cancellationToken);
        frames.Complete();
        var timeline = reel.Develop(report, request, performance.Scale);
        await page.CloseAsync(cancellationToken);
        return timeline;
    }

    private async Task ArriveAsync(VirtualTimePage page, CancellationToken cancellationToken)
    {
        var result = await page.NavigateAsync(request.Url, cancellationToken);
        if (PageVerdict.OfNavigation(result, studio.RefusalOf(result)) is { } failure)
        {
            throw witness.Tell(failure);
        }

        await page.LoadAsync(LoadLimit, cancellationToken);
        await page.SettleAsync(SettleLimit, cancellationToken);
        var facts = await page.AskAsync<PageFacts>(PageScripts.Facts, cancellationToken);
        if (PageVerdict.OfPage(request.Url, result, new Uri(page.Page.Url), page.Navigations, facts) is { } wrong)
        {
            await witness.HoldAsync(page, cancellationToken);
            throw witness.Tell(wrong);
        }

        for (var end = page.Elapsed + CurtainLimit; page.Elapsed < end && PngPicture.Decode(await page.ScreenshotAsync(cancellationToken)).IsUniform;)
        {
            await page.PassAsync(3, TimePolicy.WaitForNetwork, cancellationToken);
        }
    }

    private static async Task WriteAsync(ChannelReader<byte[]> frames, Stream pipe, CancellationToken cancellationToken)
    {
        await foreach (var frame in frames.ReadAllAsync(cancellationToken))
        {
            await pipe.WriteAsync(frame, cancellationToken);
        }
    }
}
