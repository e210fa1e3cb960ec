using Platform.Egress;

namespace Platform.Browser;

/// <summary>Browsers for text: one is kept warm while there is work. Each has a way out that leads nowhere.</summary>
internal sealed class TextBrowsers(IBrowserLauncher launcher, TimeProvider time) : IAsyncDisposable
{
    /// <summary>A browser without work for this long is ended.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(5);

    /// <summary>Calls; then a new browser takes over, whatever the old one may have piled up.</summary>
    private const int MostCalls = 500;

    private readonly Lock gate = new();
    private readonly CancellationTokenSource stop = new();
    private readonly HashSet<Task> ending = [];
    private Task<TextBrowser>? warm;
    private ITimer? timer;

    /// <summary>Gives a browser to one caller, who gives it back by <see cref="ReturnAsync"/>.</summary>
    public async Task<TextBrowser> TakeAsync(CancellationToken cancellationToken)
    {
        Task<TextBrowser>? kept;
        lock (gate)
        {
            (kept, warm) = (warm, null);
        }

        if (kept is not null)
        {
            try
            {
                var browser = await kept.WaitAsync(cancellationToken);
                if (browser.Alive)
                {
                    return browser;
                }

                await browser.DisposeAsync();
            }
            catch (BrowserException)
            {
                // It was started ahead and did not come up: whether one does now is this caller's business.
            }
            catch (OperationCanceledException)
            {
                Keep(kept);
                throw;
            }
        }

        return await StartAsync(cancellationToken);
    }

    /// <summary>Takes a browser back.</summary>
    /// <param name="browser">Whose page is empty again, or which is not to be used again.</param>
    /// <param name="clean">Nothing of the call remains in it. Else it ends; where it is only a font that it has read, another starts ahead of the next call.</param>
    /// <param name="startAnother">Start that other one.</param>
    public async Task ReturnAsync(TextBrowser browser, bool clean, bool startAnother)
    {
        if (clean && browser.Alive && browser.Calls < MostCalls)
        {
            Keep(Task.FromResult(browser));
            return;
        }

        await browser.DisposeAsync();
        if (startAnother && !stop.IsCancellationRequested)
        {
            Keep(StartAsync(stop.Token));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        Cool();
        Task[] ends;
        lock (gate)
        {
            ends = [.. ending];
        }

        await Task.WhenAll(ends);
        timer?.Dispose();
        stop.Dispose();
    }

    private void Keep(Task<TextBrowser> browser)
    {
        lock (gate)
        {
            if (warm is not null || stop.IsCancellationRequested)
            {
                End(browser);
                return;
            }

            warm = browser;
            timer ??= time.CreateTimer(_ => Cool(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            timer.Change(Idle, Timeout.InfiniteTimeSpan);
        }
    }

    private void Cool()
    {
        lock (gate)
        {
            if (warm is not null)
            {
                End(warm);
                warm = null;
            }
        }
    }

    private void End(Task<TextBrowser> browser)
    {
        var end = EndAsync(browser);
        ending.Add(end);
        _ = end.ContinueWith(
            ended =>
            {
                lock (gate)
                {
                    ending.Remove(ended);
                }
            },
            TaskScheduler.Default);
    }

    private static async Task EndAsync(Task<TextBrowser> browser)
    {
        await Task.Yield();
        try
        {
            await (await browser).DisposeAsync();
        }
        catch (Exception e) when (e is BrowserException or OperationCanceledException)
        {
            // It never came up: there is nothing to end.
        }
    }

    private async Task<TextBrowser> StartAsync(CancellationToken cancellationToken)
    {
        var proxy = await FilteringProxy.StartAsync(NoNetwork.Connector());
        ChromiumBrowser? browser = null;
        try
        {
            browser = await launcher.LaunchAsync(new BrowserSession { ProxyServer = proxy.Address, Budget = TimeSpan.FromHours(12) }, cancellationToken);
            return new TextBrowser(proxy, browser, await TextPage.OpenAsync(browser, cancellationToken));
        }
        catch
        {
            await (browser?.DisposeAsync() ?? ValueTask.CompletedTask);
            await proxy.DisposeAsync();
            throw;
        }
    }
}

/// <summary>A browser with its text page.</summary>
internal sealed class TextBrowser(FilteringProxy proxy, ChromiumBrowser browser, TextPage page) : IAsyncDisposable
{
    public TextPage Page { get; } = page;

    /// <summary>How often it was used.</summary>
    public int Calls { get; set; }

    public bool Alive => !browser.Ended.IsCompleted;

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        await proxy.DisposeAsync();
    }
}
