using Microsoft.Playwright;

namespace Platform.Browser;

/// <summary>How a navigation ended.</summary>
public sealed record NavigationResult
{
    /// <summary>The HTTP status; null when no answer came, or the page had none (a part of the page itself).</summary>
    public int? Status { get; init; }

    /// <summary>Where it ended.</summary>
    public required Uri Url { get; init; }

    /// <summary>By lower-case name.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Chromium's name for what went wrong, such as <c>net::ERR_NAME_NOT_RESOLVED</c>; null when the page's answer came.</summary>
    public string? Error { get; init; }
}

public sealed partial class VirtualTimePage
{
    /// <summary>Goes to a page and waits until its first bytes are there.</summary>
    /// <exception cref="BrowserException">As <see cref="NextFrameAsync"/>.</exception>
    public async Task<NavigationResult> NavigateAsync(Uri url, CancellationToken cancellationToken)
    {
        world = null;
        var going = Page.GotoAsync(url.AbsoluteUri, new() { WaitUntil = WaitUntilState.Commit, Timeout = 0 });
        try
        {
            // No time passes while the first bytes are on their way: then the page's clocks begin with the frame that it sets out from, in every take.
            await AnswersAsync(going, Patience < MostPatienceForOneFrame ? Patience : MostPatienceForOneFrame, cancellationToken);
            await PumpAsync(going, TimePolicy.WaitForNetwork, cancellationToken);
        }
        catch (BrowserException e) when (e is { Fault: BrowserFault.Protocol, InnerException: PlaywrightException failed })
        {
            return new NavigationResult { Url = Here(url), Error = ErrorOf(failed.Message) };
        }

        var response = await going;
        return new NavigationResult { Url = Here(url), Status = response?.Status, Headers = response?.Headers ?? [] };
    }

    /// <summary>Lets time pass until the page has said that it is loaded, at most <paramref name="most"/> of its time.</summary>
    /// <param name="most">Of the page's time.</param>
    /// <param name="navigations">The most navigations of the page that are waited for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Whether it has.</returns>
    public async Task<bool> LoadAsync(TimeSpan most, int navigations, CancellationToken cancellationToken)
    {
        var loaded = Page.WaitForLoadStateAsync(LoadState.Load, new() { Timeout = 0 });
        var end = Elapsed + most;
        while (!loaded.IsCompleted && Elapsed < end && Navigations <= navigations)
        {
            await NextFrameAsync(FramePicture.None, TimePolicy.WaitForNetwork, cancellationToken);
            await Task.WhenAny(loaded, Task.Delay(2, cancellationToken));
        }

        if (loaded.IsCompleted)
        {
            await GuardAsync(loaded, cancellationToken);
            return true;
        }

        return false;
    }

    /// <summary>The same, however often the page navigates.</summary>
    public Task<bool> LoadAsync(TimeSpan most, CancellationToken cancellationToken) => LoadAsync(most, int.MaxValue, cancellationToken);

    private Uri Here(Uri fallback) => Uri.TryCreate(Page.Url, UriKind.Absolute, out var url) ? url : fallback;

    // "net::ERR_X at URL" or "Download is starting": the URL may hold secrets, so only the name is kept.
    private static string ErrorOf(string message)
    {
        var start = message.IndexOf("net::", StringComparison.Ordinal);
        return start >= 0 ? new string([.. message[start..].TakeWhile(c => !char.IsWhiteSpace(c))])
            : message.Contains("Download", StringComparison.Ordinal) ? "download"
            : "unknown";
    }
}
