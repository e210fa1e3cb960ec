using System.Globalization;
using Microsoft.Playwright;

namespace Platform.Browser;

internal static class BrowserAnswers
{
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
        catch (PlaywrightException e)
        {
            throw browser.Ended.IsCompleted ? await browser.Ended : new BrowserException(BrowserFault.Protocol, e.Message, e);
        }
    }
}
