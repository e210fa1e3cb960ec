using Platform.Browser;
using Platform.Contracts;
using Platform.Stages;

namespace Platform.Capture.Takes;

/// <summary>Remembers what was last seen of a page, so that a failure can show it.</summary>
/// <param name="folder">Where a screenshot is written.</param>
internal sealed class Witness(string folder)
{
    private byte[]? seen;

    /// <summary>A picture of the page, PNG or JPEG.</summary>
    public void See(byte[] picture) => seen = picture;

    /// <summary>Draws a page that is not to be filmed, for the failure that follows; the page's scripts end with it, for they may lead away at any moment.</summary>
    public async Task HoldAsync(VirtualTimePage page, CancellationToken cancellationToken)
    {
        await page.HoldAsync(cancellationToken);
        See(await page.ScreenshotAsync(cancellationToken));
    }

    /// <summary>The failure with the picture, if there is one.</summary>
    public StageException Tell(StageFailure failure, Exception? inner = null)
    {
        if (seen is null)
        {
            return new StageException(failure, inner);
        }

        var (name, type) = seen[0] == 0x89 ? ("screenshot.png", "image/png") : ("screenshot.jpg", "image/jpeg");
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, seen);
        return new StageException(failure, inner) { Evidence = new Dictionary<string, OutputFile> { ["screenshot"] = new(path, type) } };
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
