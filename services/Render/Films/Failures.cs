using Platform.Browser;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Stages;
using Platform.Templates;

namespace Platform.Render.Films;

/// <summary>Says what kind of failure an exception of our tools is.</summary>
internal static class Failures
{
    /// <summary>Runs work and types what it throws.</summary>
    /// <exception cref="StageException">It failed.</exception>
    public static async Task<T> TypedAsync<T>(Func<Task<T>> work)
    {
        try { return await work(); }
        catch (MediaException e) { throw e.ToStage(); }
        catch (TemplateException e) { throw new StageException(e.Code, FailureKind.Permanent, e.Message, e); }
        catch (BrowserException e) { throw new StageException(e.Fault == BrowserFault.Hung ? "render.page_hung" : "render.browser_failed", FailureKind.Transient, e.Message, e); }
    }
}
