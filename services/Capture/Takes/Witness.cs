using Platform.Browser;
using Platform.Contracts;
using Platform.Stages;

namespace Platform.Capture.Takes;

/// <summary>Remembers what was last seen of a page, so that a failure can show it.</summary>
/// <param name="folder">Where a screenshot is written.</param>
internal sealed class Witness(string folder)
{
    private const int MostLooks = 5;

    private byte[]? seen;

    /// <summary>A picture of the page, PNG or JPEG.</summary>
    public void See(byte[] picture) => seen = picture;

    /// <summary>Draws the page as it is now, for the failure that follows.</summary>
    public async Task LookAsync(VirtualTimePage page, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                See(await page.ScreenshotAsync(cancellationToken));
                return;
            }
            catch (BrowserException e) when (e.Fault == BrowserFault.Protocol && tries < MostLooks)
            {
                // The page is just leaving: the next picture is of where it went.
            }
        }
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
