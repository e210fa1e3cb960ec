using Platform.Browser;
using Platform.Contracts;
using Platform.Stages;

namespace Platform.Capture.Takes;

/// <summary>Remembers what was last seen of a page, so that a failure can show it.</summary>
/// <param name="folder">Where a screenshot is written.</param>
internal sealed class Witness(string folder)
{
    /// <summary>Of a longer document the beginning is kept, in characters.</summary>
    private const int DocumentLimit = 2_000_000;

    private byte[]? seen;
    private string? document;

    /// <summary>A picture of the page, PNG or JPEG.</summary>
    public void See(byte[] picture) => seen = picture;

    /// <summary>Draws a page that is not to be filmed and keeps its document, for the failure that follows; the page's scripts end with it, for they may lead away at any moment.</summary>
    public async Task HoldAsync(VirtualTimePage page, CancellationToken cancellationToken)
    {
        await page.HoldAsync(cancellationToken);
        See(await page.ScreenshotAsync(cancellationToken));
        document = await page.AskAsync<string>(PageScripts.Document(DocumentLimit), cancellationToken);
    }

    /// <summary>The failure with the picture and the document, as far as there are any.</summary>
    public StageException Tell(StageFailure failure, Exception? inner = null)
    {
        var evidence = new Dictionary<string, OutputFile>();
        if (seen is not null)
        {
            var (name, type) = seen[0] == 0x89 ? ("screenshot.png", "image/png") : ("screenshot.jpg", "image/jpeg");
            var path = Path.Combine(folder, name);
            File.WriteAllBytes(path, seen);
            evidence["screenshot"] = new(path, type);
        }

        if (document is not null)
        {
            // As text: nobody's browser may run it from our address.
            var path = Path.Combine(folder, "document.txt");
            File.WriteAllText(path, document);
            evidence["document"] = new(path, "text/plain");
        }

        return new StageException(failure, inner) { Evidence = evidence };
    }

    /// <summary>Does what needs a page, and turns a fault of the browser into a failure that shows what was last seen.</summary>
    public async Task<T> WatchAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (BrowserException e)
        {
            throw Tell(BrowserFailures.Of(e), e);
        }
    }
}
