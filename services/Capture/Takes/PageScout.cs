using System.Collections.Immutable;
using System.Security.Cryptography;
using Platform.Browser;
using Platform.Contracts;
using Platform.Stages;

namespace Platform.Capture.Takes;

/// <summary>What was found out about a page before it is filmed. Kept as a part of the stage's work, so that another camera over the same take needs no browser.</summary>
internal sealed record ScoutReport
{
    public required PageMap Map { get; init; }

    /// <summary>Where the page is, without user information, query and fragment.</summary>
    public required string Url { get; init; }

    /// <summary>Selectors of consent walls found on it.</summary>
    public ImmutableArray<string> Walls { get; init; } = [];

    /// <summary>Hash of every screen of the page, where it was asked for: the same page at another time has the same.</summary>
    public string? Look { get; init; }

    /// <summary>Worth telling the user.</summary>
    public ImmutableArray<StageWarning> Warnings { get; init; } = [];
}

/// <summary>
/// Visits a page before the take: judges it, scrolls its lazy parts into being, maps it. The take then loads the page anew, from the
/// browser's cache, so that what it does on arrival and on first sight is in the film.
/// </summary>
/// <param name="studio">Opens pages.</param>
/// <param name="request">The page.</param>
/// <param name="scale">Pixels per CSS pixel, best as the take will have them: then one browser does for both.</param>
/// <param name="witness">Sees the page.</param>
/// <param name="compares">Whether every screen is drawn, to compare the page with how it was at another time.</param>
internal sealed class PageScout(Studio studio, PageRequest request, double scale, Witness witness, bool compares = false)
{
    /// <summary>Frames per second of the visit: coarse, for nothing is drawn.</summary>
    private const int Fps = 30;

    /// <summary>The page's time until it must have said that it is loaded; after that it is looked at as it is.</summary>
    private static readonly TimeSpan LoadLimit = TimeSpan.FromSeconds(30);

    /// <summary>The page's time until fonts and near pictures must be there.</summary>
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(10);

    /// <summary>The page's time in which a screen of one colour may still become something.</summary>
    private static readonly TimeSpan BlankLimit = TimeSpan.FromSeconds(6);

    /// <summary>Frames on every screen of the way down: time for what starts when it is seen, throttled scroll listeners and staggered delays included.</summary>
    private const int FramesPerStop = 12;

    private readonly List<StageWarning> warnings = [];
    private readonly IncrementalHash look = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <exception cref="StageException">The page is not one to film; with a screenshot.</exception>
    public Task<ScoutReport> VisitAsync(Action<double> progress, CancellationToken cancellationToken) => witness.WatchAsync(async () =>
    {
        using var page = await studio.OpenAsync(request, request.Cleanup ? [.. request.Hide, .. Clutter.Selectors] : request.Hide, scale, Fps, cancellationToken);
        try
        {
            await ArriveAsync(page, cancellationToken);
        }
        catch (BrowserException e) when (e.Fault == BrowserFault.PageLeft)
        {
            // However often it was asked, it went elsewhere under the question: it never stays.
            await witness.HoldAsync(page, cancellationToken);
            throw witness.Tell(PageVerdict.Loop, e);
        }

        progress(0.4);
        await ScrollThroughAsync(page, cancellationToken);
        progress(0.9);
        var map = await page.AskAsync<PageMap>(PageScripts.Map, cancellationToken);
        if (map.Height >= PageHeightLimit)
        {
            warnings.Add(new StageWarning("capture.page_cut", $"The page is longer than {PageHeightLimit} pixels; the film ends there."));
        }

        var walls = request.Cleanup ? await page.AskAsync<ImmutableArray<string>>(PageScripts.Tidy, cancellationToken) : [];
        var report = new ScoutReport { Map = map, Url = Shown(new Uri(page.Page.Url)), Walls = walls, Look = compares ? Convert.ToHexStringLower(look.GetHashAndReset()) : null, Warnings = [.. warnings] };
        await page.CloseAsync(cancellationToken);
        return report;
    });

    /// <summary>Pages longer than this, in CSS pixels, are treated as if they ended here: endless feeds never end by themselves.</summary>
    private const int PageHeightLimit = 20_000;

    private async Task ArriveAsync(VirtualTimePage page, CancellationToken cancellationToken)
    {
        var result = await page.NavigateAsync(request.Url, cancellationToken);
        if (PageVerdict.OfNavigation(result, studio.RefusalOf(result)) is { } failure)
        {
            throw witness.Tell(failure);
        }

        var loaded = await page.LoadAsync(LoadLimit, PageVerdict.MostNavigations, cancellationToken);
        if (page.Navigations > PageVerdict.MostNavigations)
        {
            await witness.HoldAsync(page, cancellationToken);
            throw witness.Tell(PageVerdict.Loop);
        }

        if (!loaded)
        {
            warnings.Add(new StageWarning("capture.still_loading", "The page had not finished loading when it was filmed."));
        }

        await page.SettleAsync(SettleLimit, cancellationToken);
        if (request.Url.AbsoluteUri != page.Page.Url || result.Status is not 200)
        {
            await page.PassAsync(Fps, TimePolicy.WaitForNetwork, cancellationToken); // scripts that lead elsewhere take a moment
        }

        var facts = await page.AskAsync<PageFacts>(PageScripts.Facts, cancellationToken);
        if (PageVerdict.OfPage(request.Url, result, new Uri(page.Page.Url), page.Navigations, facts) is { } wrong)
        {
            await witness.HoldAsync(page, cancellationToken);
            throw witness.Tell(wrong);
        }

        await RequireSomethingAsync(page, cancellationToken);
    }

    private async Task RequireSomethingAsync(VirtualTimePage page, CancellationToken cancellationToken)
    {
        var end = page.Elapsed + BlankLimit;
        while (true)
        {
            var picture = await page.ScreenshotAsync(cancellationToken);
            witness.See(picture);
            if (!PngPicture.Decode(picture).IsUniform)
            {
                return;
            }

            if (page.Elapsed >= end)
            {
                await witness.HoldAsync(page, cancellationToken);
                throw witness.Tell(new StageFailure("capture.blank", FailureKind.Permanent, "The page shows nothing but one colour."));
            }

            await page.PassAsync(Fps / 2, TimePolicy.WaitForNetwork, cancellationToken);
        }
    }

    private async Task ScrollThroughAsync(VirtualTimePage page, CancellationToken cancellationToken)
    {
        await LookAsync(page, cancellationToken);
        var state = await page.AskAsync<PageState>(PageScripts.State, cancellationToken);
        for (var y = 0.0; y + state.View < Math.Min(state.Height, PageHeightLimit);)
        {
            y += 0.8 * state.View;
            var reached = await page.ScrollAsync(y, cancellationToken);
            await LookAsync(page, cancellationToken);
            state = await page.AskAsync<PageState>(PageScripts.State, cancellationToken);
            if (reached < y - 1)
            {
                break; // the bottom, or as far as this page scrolls
            }
        }

        if (!await page.SettleAsync(SettleLimit, cancellationToken))
        {
            warnings.Add(new StageWarning("capture.pictures_missing", "Some pictures or fonts of the page did not come in time."));
        }

        await page.ScrollAsync(0, cancellationToken);
        await page.PassAsync(Fps, TimePolicy.WaitForNetwork, cancellationToken);
    }

    private async Task LookAsync(VirtualTimePage page, CancellationToken cancellationToken)
    {
        await page.PassAsync(FramesPerStop, TimePolicy.WaitForNetwork, cancellationToken);
        await page.EvaluateAsync(PageScripts.Finish, cancellationToken);
        await page.PassAsync(1, TimePolicy.WaitForNetwork, cancellationToken);
        await page.AskAsync<int>(PageScripts.Look, cancellationToken);
        if (compares)
        {
            look.AppendData(await page.ScreenshotAsync(cancellationToken));
        }
    }

    private static string Shown(Uri url) => url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
