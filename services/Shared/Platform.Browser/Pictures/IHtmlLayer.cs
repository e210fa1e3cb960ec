namespace Platform.Browser;

/// <summary>Draws pages over transparency, a picture per frame of virtual time.</summary>
public interface IHtmlLayer
{
    /// <summary>Draws the frames one after another; the browser, the page's own, ends with them or with the loop that reads them.</summary>
    /// <returns>A PNG with straight alpha for every frame; null where nothing has changed since the one before.</returns>
    /// <exception cref="BrowserException">The browser failed, or the page does not yield.</exception>
    IAsyncEnumerable<byte[]?> DrawAsync(HtmlPage page, CancellationToken cancellationToken);
}

/// <summary>A page to draw. It reaches its own files and nothing else.</summary>
public sealed record HtmlPage
{
    /// <summary>What stands in the body, scripts and styles included.</summary>
    public required string Html { get; init; }

    /// <summary>Pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels.</summary>
    public required int Height { get; init; }

    public required double FramesPerSecond { get; init; }

    /// <summary>How many frames.</summary>
    public required int Frames { get; init; }

    /// <summary>Files that it may ask for by these names, with their paths here.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>Frames of time that pass before the first is drawn: to begin in the middle.</summary>
    public int Skip { get; init; }
}
