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
    public static BrowserException FaultOf(Exception refusal) => new(
        refusal is not PlaywrightException || refusal.Message.Contains("Process exited", StringComparison.Ordinal) ? BrowserFault.DriverEnded
            : Leavings.Any(leaving => refusal.Message.Contains(leaving, StringComparison.OrdinalIgnoreCase)) ? BrowserFault.PageLeft
            : BrowserFault.Protocol,
        refusal.Message,
        refusal);

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
            throw browser.Ended.IsCompleted ? await browser.Ended : FaultOf(e);
        }
    }
}
