using System.Text.Json;
using Platform.Browser;

namespace Platform.Capture.Takes;

/// <summary>How far a page is with what it shows.</summary>
/// <param name="Ready">Fonts are there, and pictures on or near the screen.</param>
/// <param name="Top">Scroll position, CSS pixels.</param>
/// <param name="Height">Of what scrolls, CSS pixels.</param>
/// <param name="View">Of the part of it that is seen, CSS pixels.</param>
internal sealed record PageState(bool Ready, double Top, double Height, double View);

/// <summary>What tells a page from a wall in front of it.</summary>
/// <param name="Title">Of the document.</param>
/// <param name="Text">Visible text, its first 3,000 characters.</param>
/// <param name="Challenge">A captcha or a browser check is to be seen.</param>
/// <param name="Password">A password is asked for.</param>
/// <param name="Elements">How many elements the body has.</param>
internal sealed record PageFacts(string Title, string Text, bool Challenge, bool Password, int Elements);

/// <summary>Asks a page.</summary>
internal static class PageQuestions
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };

    /// <exception cref="BrowserException">The page gave something else: <see cref="BrowserFault.Protocol"/>.</exception>
    public static async Task<T> AskAsync<T>(this VirtualTimePage page, string script, CancellationToken cancellationToken) =>
        Read<T>(await page.EvaluateAsync(script, cancellationToken));

    /// <summary>As <see cref="AskAsync"/>, of what may be absent: null.</summary>
    public static async Task<T?> TryAskAsync<T>(this VirtualTimePage page, string script, CancellationToken cancellationToken)
        where T : class
    {
        var answer = await page.EvaluateAsync(script, cancellationToken);
        return answer.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : Read<T>(answer);
    }

    private static T Read<T>(JsonElement answer)
    {
        try
        {
            return answer.Deserialize<T>(Web) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new BrowserException(BrowserFault.Protocol, $"The page's answer is no {typeof(T).Name}.", e);
        }
    }

    /// <summary>Scrolls to <paramref name="y"/> CSS pixels and says where the page is then.</summary>
    public static async Task<double> ScrollAsync(this VirtualTimePage page, double y, CancellationToken cancellationToken) =>
        await page.AskAsync<double>(PageScripts.ScrollTo(y), cancellationToken);

    /// <summary>Lets time pass until fonts and near pictures are there, at most <paramref name="most"/> of the page's time.</summary>
    /// <returns>Whether they are.</returns>
    public static async Task<bool> SettleAsync(this VirtualTimePage page, TimeSpan most, CancellationToken cancellationToken)
    {
        var end = page.Elapsed + most;
        while (true)
        {
            await page.NextFrameAsync(FramePicture.None, TimePolicy.WaitForNetwork, cancellationToken);
            if ((await page.AskAsync<PageState>(PageScripts.State, cancellationToken)).Ready)
            {
                return true;
            }

            if (page.Elapsed >= end || page.Navigations > PageVerdict.MostNavigations)
            {
                return false;
            }
        }
    }
}
