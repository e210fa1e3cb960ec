using Microsoft.Playwright;
using Platform.Processes;

namespace Platform.Browser;

/// <summary>A running browser. Disposing it kills its process tree and deletes its profile, whatever state it is in.</summary>
public sealed class ChromiumBrowser : IAsyncDisposable
{
    private readonly IRunningChild child;
    private readonly BrowserProfile profile;
    private readonly IPlaywright playwright;

    private ChromiumBrowser(IRunningChild child, BrowserProfile profile, IPlaywright playwright, IBrowser browser, BrowserSession session, BrowserOptions options)
    {
        (this.child, this.profile, this.playwright, Browser, Session, Options) = (child, profile, playwright, browser, session, options);
        Ended = EndAsync(child);
    }

    /// <summary>The browser's process, for tests and operators.</summary>
    public int ProcessId => child.Id;

    /// <summary>What it was started for.</summary>
    public BrowserSession Session { get; }

    internal IBrowser Browser { get; }

    internal BrowserOptions Options { get; }

    internal ICDPSession Root { get; private set; } = null!;

    /// <summary>Completes when the browser's process has ended, with the reason.</summary>
    internal Task<BrowserException> Ended { get; }

    internal static async Task<ChromiumBrowser> AttachAsync(
        IRunningChild child, BrowserProfile profile, IPlaywright playwright, IBrowser browser, BrowserSession session, BrowserOptions options, CancellationToken cancellationToken)
    {
        var chromium = new ChromiumBrowser(child, profile, playwright, browser, session, options);
        chromium.Root = await browser.NewBrowserCDPSessionAsync().WaitAsync(cancellationToken);
        // A file that a page wants to save is refused; after Playwright's own setting, which would accept it.
        await chromium.Root.SendAsync("Browser.setDownloadBehavior", new() { ["behavior"] = "deny" }).WaitAsync(cancellationToken);
        return chromium;
    }

    /// <summary>Opens a page whose time stands still until a frame is asked for.</summary>
    /// <exception cref="BrowserException">The browser ended, or refused.</exception>
    public Task<VirtualTimePage> OpenPageAsync(PageView view, CancellationToken cancellationToken) => VirtualTimePage.OpenAsync(this, view, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        // The browser first: Playwright's driver then finds its connection closed and has nothing to wait for.
        await child.DisposeAsync();
        playwright.Dispose();
        profile.Dispose();
    }

    private static async Task<BrowserException> EndAsync(IRunningChild child)
    {
        try
        {
            var result = await child.Completion;
            return new BrowserException(BrowserFault.Crashed, $"Chromium ended with {result.ExitCode}.");
        }
        catch (ChildException e)
        {
            var fault = e.Reason switch
            {
                ChildFailure.TimedOut => BrowserFault.BudgetSpent,
                ChildFailure.Memory => BrowserFault.OutOfMemory,
                _ => BrowserFault.Crashed,
            };
            return new BrowserException(fault, e.Message, e);
        }
        catch (OperationCanceledException e)
        {
            return new BrowserException(BrowserFault.Crashed, "Chromium was told to end.", e);
        }
    }
}
