using System.Collections.Immutable;
using System.Threading.Channels;
using Platform.Browser;
using Platform.Capture.Camera;
using Platform.Ffmpeg;

namespace Platform.Capture.Takes;

/// <summary>Films a page as its plan scrolls it: the browser draws while ffmpeg encodes.</summary>
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
    /// <exception cref="Stages.StageException">The page, or the browser, failed; with the last frame.</exception>
    /// <exception cref="MediaException">The encoder failed.</exception>
    public async Task<Timeline> FilmAsync(ScoutReport report, ShotPlan plan, string path, Action<double> progress, CancellationToken cancellationToken)
    {
        var frames = Channel.CreateBounded<byte[]>(FramesInFlight);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var encoding = ffmpeg.RunAsync(
            TakeEncoding.Command(plan.Fps, path, (pipe, token) => WriteAsync(frames.Reader, pipe, token)), Path.GetDirectoryName(path)!, null, both.Token);
        var filming = witness.WatchAsync(() => DrawAsync(report, plan, frames.Writer, progress, both.Token));

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

    private async Task<Timeline> DrawAsync(ScoutReport report, ShotPlan plan, ChannelWriter<byte[]> frames, Action<double> progress, CancellationToken cancellationToken)
    {
        ImmutableArray<string> hide = request.Cleanup ? [.. request.Hide, .. Clutter.Selectors, .. report.Walls] : request.Hide;
        using var page = await studio.OpenAsync(request, hide, plan.DeviceScale, plan.Fps, cancellationToken);
        await ArriveAsync(page, cancellationToken);

        var positions = ImmutableArray.CreateBuilder<double>(plan.Frames);
        double wanted = 0, position = 0;
        byte[]? picture = null;
        for (var i = 0; i < plan.Frames; i++)
        {
            if (plan.ScrollAt(i) is var y && y != wanted)
            {
                position = await page.ScrollAsync(y, cancellationToken);
                wanted = y;
            }

            // A frame without a picture is the one before, again.
            picture = await page.NextFrameAsync(FramePicture.Jpeg, TimePolicy.WaitForNetwork, cancellationToken) ?? picture
                ?? await page.RedrawAsync(FramePicture.Jpeg, cancellationToken);
            witness.See(picture);
            positions.Add(position);
            await frames.WriteAsync(picture, cancellationToken);
            progress((i + 1.0) / plan.Frames);
        }

        frames.Complete();
        await page.CloseAsync(cancellationToken);
        return new Timeline
        {
            Url = report.Url,
            Title = report.Map.Title,
            Fps = plan.Fps,
            Frames = plan.Frames,
            ViewportWidth = request.ViewportWidth,
            ViewportHeight = request.ViewportHeight,
            DeviceScale = plan.DeviceScale,
            FrameWidth = page.PixelWidth,
            FrameHeight = page.PixelHeight,
            Page = report.Map,
            ScrollY = positions.MoveToImmutable(),
        };
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
            await witness.LookAsync(page, cancellationToken);
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
