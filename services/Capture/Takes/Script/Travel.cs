using Platform.Browser;
using Platform.Contracts;

namespace Platform.Capture.Takes.Script;

/// <summary>
/// What happens when a step leads elsewhere: time passes until the new page is there, and no frame of it is kept. A film of a loading page is a film of nothing,
/// and how long it loads is the network's business, not the film's.
/// </summary>
internal sealed class Travel(VirtualTimePage page, ScriptSettings settings, int number, CaptureAction action)
{
    /// <summary>Real time in which a page that was pressed to lead elsewhere begins to.</summary>
    private static readonly TimeSpan Departure = TimeSpan.FromSeconds(3);

    /// <summary>The page's time until the new page must be loaded, and until its first screen must be complete.</summary>
    private static readonly TimeSpan LoadLimit = TimeSpan.FromSeconds(30), SettleLimit = TimeSpan.FromSeconds(4);

    private int navigations = page.Navigations;
    private bool expected;

    /// <summary>A press leads there, if it leads anywhere.</summary>
    public void Expect(string? address) =>
        expected = address is not null && Uri.TryCreate(address, UriKind.Absolute, out var there)
            && Uri.TryCreate(page.Page.Url, UriKind.Absolute, out var here) && there.GetLeftPart(UriPartial.Query) != here.GetLeftPart(UriPartial.Query);

    public async Task GoAsync(Uri address, CancellationToken cancellationToken)
    {
        var result = await page.NavigateAsync(address, cancellationToken);
        if (PageVerdict.OfNavigation(result, null) is { } failure)
        {
            throw ScriptFailure.Of(number, action, failure.Code, failure.Detail);
        }

        await SettleAsync(cancellationToken);
    }

    /// <summary>If the page has gone elsewhere, or is about to, waits until it is there.</summary>
    public async Task ArriveAsync(CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (expected && page.Navigations == navigations && TimeProvider.System.GetElapsedTime(began) < Departure)
        {
            await page.NextFrameAsync(FramePicture.None, TimePolicy.WaitForNetwork, cancellationToken);
            await Task.Delay(10, cancellationToken); // the new page's first bytes come in real time
        }

        expected = false;
        if (page.Navigations != navigations)
        {
            await SettleAsync(cancellationToken);
        }
    }

    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        await page.LoadAsync(LoadLimit, cancellationToken);
        await page.SettleAsync(SettleLimit, cancellationToken);
        navigations = page.Navigations;
        if (!ScriptGuard.IsAllowed(page.Page.Url, settings.Origins))
        {
            throw ScriptFailure.Of(number, action, "capture.origin_not_allowed", "It led to an origin that is not among the capture's.");
        }

        if (page.Status is >= 400 and var status)
        {
            throw ScriptFailure.Of(number, action, "capture.http_error", $"The page answered with HTTP {status}.");
        }
    }
}
