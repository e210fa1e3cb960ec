using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Playwright;

namespace Platform.Browser;

/// <summary>What becomes of a question to the browser.</summary>
internal static class BrowserAnswers
{
    /// <summary>What Chromium and Playwright say when the document that was asked is no longer the page's.</summary>
    private static readonly ImmutableArray<string> Leavings =
        ["Cannot find context", "Cannot find default execution context", "context was destroyed", "navigated or closed", "Not attached to an active page", "No frame for given id"];

    /// <summary>Whether Playwright says so that it, or the browser, did not do what it was told; its pipes' own exceptions are all that is left of a driver that ended.</summary>
    public static bool IsRefusal(Exception e) => e is PlaywrightException or ObjectDisposedException or IOException;

    /// <summary>What a refusal means, as far as it is known at once: the browser's end is known later, from <see cref="ChromiumBrowser.Ended"/>.</summary>
    private static BrowserException FaultOf(Exception refusal) => new(
        refusal is not PlaywrightException || refusal.Message.Contains("Process exited", StringComparison.Ordinal) ? BrowserFault.DriverEnded
            : Leavings.Any(leaving => refusal.Message.Contains(leaving, StringComparison.OrdinalIgnoreCase)) ? BrowserFault.PageLeft
            : refusal.Message.Contains("has been closed", StringComparison.Ordinal) ? BrowserFault.PageCrashed // nobody but its own end closes a page of ours
            : BrowserFault.Protocol,
        refusal.Message,
        refusal);

    /// <summary>The fault that a refusal comes of. A lost connection is often the first sign of a browser or a page that ended: its end is known a moment later.</summary>
    /// <param name="refusal">What Playwright threw.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <param name="ends">What may have ended, each with what is then to be told.</param>
    public static async Task<BrowserException> FaultOfAsync(Exception refusal, CancellationToken cancellationToken, params Task<BrowserException>[] ends)
    {
        if (refusal.Message.Contains("closed", StringComparison.OrdinalIgnoreCase) || refusal.Message.Contains("crash", StringComparison.OrdinalIgnoreCase))
        {
            if (await Task.WhenAny([.. ends, Task.Delay(EndIsKnown, cancellationToken)]) is Task<BrowserException> ended)
            {
                return await ended;
            }
        }

        return FaultOf(refusal);
    }

    /// <summary>A process that is killed is reaped, and its tree looked through, within this time.</summary>
    private static readonly TimeSpan EndIsKnown = TimeSpan.FromSeconds(5);

    /// <summary>Waits for an answer that may never come: the browser may end or hang.</summary>
    /// <exception cref="BrowserException">It did.</exception>
    public static async Task<T> AnswerAsync<T>(this ChromiumBrowser browser, Task<T> answer, CancellationToken cancellationToken)
    {
        try
        {
            var first = await Task.WhenAny(answer, browser.Ended).WaitAsync(browser.Options.FrameTimeout, cancellationToken);
            return first == answer ? await answer : throw await browser.Ended;
        }
        catch (TimeoutException e)
        {
            var seconds = browser.Options.FrameTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            throw new BrowserException(BrowserFault.Hung, $"The page did not answer for {seconds} s.", e);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw await FaultOfAsync(e, cancellationToken, browser.Ended);
        }
    }
}
