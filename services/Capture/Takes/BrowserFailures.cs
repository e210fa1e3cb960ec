using Platform.Browser;
using Platform.Contracts;

namespace Platform.Capture.Takes;

/// <summary>Says what a browser's fault means for the stage. Pure.</summary>
internal static class BrowserFailures
{
    public static StageFailure Of(BrowserException fault) => fault.Fault switch
    {
        BrowserFault.NotFound => new("capture.browser_missing", FailureKind.Permanent, "There is no Chromium on the worker."),
        BrowserFault.NotStarted => new("capture.browser_crashed", FailureKind.Transient, "The browser did not start."),
        BrowserFault.Crashed => new("capture.browser_crashed", FailureKind.Transient, "The browser ended while it filmed the page."),
        BrowserFault.DriverEnded => new("capture.browser_crashed", FailureKind.Transient, "The connection to the browser ended while it filmed the page."),
        BrowserFault.PageLeft => new("capture.navigation_loop", FailureKind.Permanent, "The page goes elsewhere whenever it is looked at."),
        BrowserFault.PageCrashed => new("capture.page_crashed", FailureKind.Transient, "The page crashed."),
        BrowserFault.OutOfMemory => new("capture.page_crashed", FailureKind.Transient, "The page needs more memory than a page may have."),
        BrowserFault.Hung => new("capture.timeout", FailureKind.Permanent, "The page's scripts run without end."),
        BrowserFault.BudgetSpent => new("capture.timeout", FailureKind.Permanent, "The page took longer than a page may take."),
        _ => new("capture.browser_failed", FailureKind.Unknown, "The browser refused a command."),
    };
}
