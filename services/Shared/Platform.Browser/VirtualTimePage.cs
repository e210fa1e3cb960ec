using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Playwright;

namespace Platform.Browser;

/// <summary>What a frame is drawn as.</summary>
public enum FramePicture
{
    /// <summary>Time passes and nothing is drawn.</summary>
    None,

    /// <summary>JPEG of quality 90, 4:2:0.</summary>
    Jpeg,

    /// <summary>Lossless.</summary>
    Png,
}

/// <summary>How time passes while the network is busy.</summary>
public enum TimePolicy
{
    /// <summary>Time stands still until every answer is there, as long as the page's patience lasts (<see cref="VirtualTimePage.Patience"/>).</summary>
    WaitForNetwork,

    /// <summary>Time passes whatever the network does.</summary>
    Advance,
}

/// <summary>
/// A page whose time is ours: it passes one frame at a time, for scripts, styles and clocks alike, however long a frame takes to make.
/// Frames are asked for one after another, never at once.
/// </summary>
/// <remarks>The page's own events (loading, input, media) wait while time stands still: what waits for them is given to <see cref="PumpAsync(Task, TimePolicy, CancellationToken)"/>.</remarks>
public sealed partial class VirtualTimePage : IDisposable
{
    private readonly ChromiumBrowser browser;
    private readonly ICDPSession cdp;
    private readonly PageView view;
    private readonly Channel<bool> budgetSpent = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TaskCompletionSource<BrowserException> crashed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private double origin;
    private TimeSpan patienceForFrame = MostPatienceForOneFrame;

    private VirtualTimePage(ChromiumBrowser browser, IPage page, ICDPSession cdp, PageView view) =>
        (this.browser, Page, this.cdp, this.view) = (browser, page, cdp, view);

    /// <summary>Playwright's handle, for input. Await what it returns through <see cref="PumpAsync(Task, TimePolicy, CancellationToken)"/>.</summary>
    public IPage Page { get; }

    /// <summary>Frames since the page was opened.</summary>
    public int Frames { get; private set; }

    /// <summary>Virtual time since the page was opened.</summary>
    public TimeSpan Elapsed => TimeSpan.FromSeconds(Frames / view.FramesPerSecond);

    /// <summary>Navigations of the page itself so far, not of frames within it.</summary>
    public int Navigations { get; private set; }

    /// <summary>The HTTP status of the document that the page shows; null while there is none.</summary>
    public int? Status { get; private set; }

    /// <summary>Real time that frames may still spend waiting for the network, all together; a frame waits 5 s at most. Then time advances regardless.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Pixels of a frame.</summary>
    public int PixelWidth => (int)Math.Ceiling(view.Width * Scale);

    /// <summary>Pixels of a frame.</summary>
    public int PixelHeight => (int)Math.Ceiling(view.Height * Scale);

    private double Scale => browser.Session.Scale;

    private double FrameMilliseconds => 1000 / view.FramesPerSecond;

    // Pages and animations are told the time in tenths of a millisecond, and what lies between two of them is rounded up or down by chance. So frames lie on the
    // tenths: two takes are told the same. Never before their exact time: the nth frame at 60 fps is n for a page that counts whole sixtieths.
    private double MillisecondsAt(int frame) => Math.Ceiling(frame * 1e4 / view.FramesPerSecond - 1e-6) / 10;

    /// <summary>In milliseconds. The browser counts whole microseconds and cuts off what is less: with half of one more nothing is lost to the fractions of doubles.</summary>
    private const double HalfMicrosecond = 0.0005;

    /// <summary>Lets one frame's time pass and draws it.</summary>
    /// <returns>The picture; null when it is the same as the one before, or none was asked for.</returns>
    /// <exception cref="BrowserException">The page hangs, crashed, or its browser ended.</exception>
    public async Task<byte[]?> NextFrameAsync(FramePicture picture, TimePolicy policy, CancellationToken cancellationToken)
    {
        await PassAsync(policy, cancellationToken);
        await ShowMediaAsync(cancellationToken);
        Frames++;
        var answer = await SendAsync("HeadlessExperimental.beginFrame", BeginFrame(picture), cancellationToken);
        return answer.TryGetProperty("screenshotData", out var data) ? data.GetBytesFromBase64() : null;
    }

    /// <summary>Stops the page's scripts, and those of whatever page it still goes to: it stays where it is and can be drawn. There is no way back.</summary>
    /// <exception cref="BrowserException">As <see cref="NextFrameAsync"/>.</exception>
    public async Task HoldAsync(CancellationToken cancellationToken)
    {
        await SendAsync("Emulation.setScriptExecutionDisabled", new() { ["value"] = true }, cancellationToken);
        await PassAsync(HoldFrames, TimePolicy.WaitForNetwork, cancellationToken);
    }

    /// <summary>In these the page that was on its way when scripts stopped arrives.</summary>
    private const int HoldFrames = 5;

    /// <summary>Lets time pass until <paramref name="action"/> has ended.</summary>
    /// <exception cref="BrowserException">As <see cref="NextFrameAsync"/>.</exception>
    public async Task PumpAsync(Task action, TimePolicy policy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(action);
        while (!action.IsCompleted)
        {
            await NextFrameAsync(FramePicture.None, policy, cancellationToken);
            // The action's answer comes by another way than the frame's: give it a moment of real time before spending more of the page's.
            await Task.WhenAny(action, Task.Delay(2, cancellationToken));
        }

        await GuardAsync(action, cancellationToken);
    }

    /// <summary>Gives an answer of the browser that is on its way a moment of real time; no time passes in the page.</summary>
    /// <returns>Whether it came.</returns>
    /// <exception cref="BrowserException">As <see cref="NextFrameAsync"/>, or the answer was a refusal.</exception>
    public async Task<bool> AnswersAsync(Task action, TimeSpan patience, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(action);
        await Task.WhenAny(action, browser.Ended, crashed.Task, Task.Delay(patience, cancellationToken));
        if (action.IsCompleted || browser.Ended.IsCompleted || crashed.Task.IsCompleted)
        {
            await GuardAsync(action, cancellationToken);
        }

        return action.IsCompleted;
    }

    /// <summary>Lets <paramref name="frames"/> frames of time pass without drawing.</summary>
    public async Task PassAsync(int frames, TimePolicy policy, CancellationToken cancellationToken)
    {
        for (var i = 0; i < frames; i++)
        {
            await NextFrameAsync(FramePicture.None, policy, cancellationToken);
        }
    }

    public void Dispose() => budgetSpent.Writer.TryComplete();

    /// <summary>Draws what is to be seen now, as PNG. A frame's time passes.</summary>
    public Task<byte[]> ScreenshotAsync(CancellationToken cancellationToken) => RedrawAsync(FramePicture.Png, TimePolicy.Advance, cancellationToken);

    /// <summary>Draws all of the page, changed or not. A frame's time passes.</summary>
    public async Task<byte[]> RedrawAsync(FramePicture picture, TimePolicy policy, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < 3; tries++)
        {
            // A frame without damage has no picture: a change of scale too small to mean anything makes everything new.
            nudged = !nudged;
            await SetMetricsAsync(Scale * (nudged ? 1 + 1e-9 : 1), cancellationToken);
            if (await NextFrameAsync(picture, policy, cancellationToken) is { } drawn)
            {
                return drawn;
            }
        }

        throw new BrowserException(BrowserFault.Protocol, "The browser drew no picture.");
    }

    private bool nudged;

    /// <summary>Ends the page. Its browser goes on.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken) => await GuardAsync(Page.CloseAsync(), cancellationToken);

    private async Task PassAsync(TimePolicy policy, CancellationToken cancellationToken)
    {
        var wait = policy == TimePolicy.WaitForNetwork && Patience > TimeSpan.Zero;
        var budget = MillisecondsAt(Frames + 1) - MillisecondsAt(Frames) - Prepaid() + HalfMicrosecond;
        await SetPolicyAsync(wait ? "pauseIfNetworkFetchesPending" : "advance", budget, cancellationToken);
        if (wait)
        {
            var most = Patience < patienceForFrame ? Patience : patienceForFrame;
            var began = TimeProvider.System.GetTimestamp();
            var spent = await IsSpentAsync(most, cancellationToken);
            var waited = TimeProvider.System.GetElapsedTime(began);
            Patience -= waited > Unnoticed ? waited : TimeSpan.Zero;
            if (spent)
            {
                patienceForFrame = MostPatienceForOneFrame;
                return;
            }

            // An answer that takes as long as this may never end (a long poll, a stream): wait less for it in every frame.
            patienceForFrame = patienceForFrame / 4 > Unnoticed ? patienceForFrame / 4 : Unnoticed;

            await SetPolicyAsync("advance", budget, cancellationToken);
        }

        await SpendAsync(cancellationToken);
    }

    /// <summary>Waits until the time that was let pass has passed.</summary>
    private async Task SpendAsync(CancellationToken cancellationToken) => await GuardAsync(budgetSpent.Reader.ReadAsync(cancellationToken).AsTask(), cancellationToken);

    private async Task<bool> IsSpentAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(most);
        try
        {
            await SpendAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static readonly TimeSpan MostPatienceForOneFrame = TimeSpan.FromSeconds(5);

    /// <summary>A frame's scripts take time too: only longer waits are charged to the network.</summary>
    private static readonly TimeSpan Unnoticed = TimeSpan.FromMilliseconds(50);

    private async Task SetPolicyAsync(string policy, double budget, CancellationToken cancellationToken)
    {
        budgetSpent.Reader.TryRead(out _); // an expiry that came after its frame had stopped waiting for it is not the next one's
        await SendAsync("Emulation.setVirtualTimePolicy", new() { ["policy"] = policy, ["budget"] = budget }, cancellationToken);
    }

    private Dictionary<string, object> BeginFrame(FramePicture picture)
    {
        var arguments = new Dictionary<string, object> { ["frameTimeTicks"] = origin + MillisecondsAt(Frames) + HalfMicrosecond, ["interval"] = FrameMilliseconds };
        if (picture == FramePicture.Jpeg)
        {
            arguments["screenshot"] = new Dictionary<string, object> { ["format"] = "jpeg", ["quality"] = 90 };
        }
        else if (picture == FramePicture.Png)
        {
            arguments["screenshot"] = new Dictionary<string, object> { ["format"] = "png", ["optimizeForSpeed"] = true };
        }

        return arguments;
    }

    private async Task<JsonElement> SendAsync(string method, Dictionary<string, object> arguments, CancellationToken cancellationToken) =>
        await GuardAsync(cdp.SendAsync(method, arguments), cancellationToken) ?? default;

    private async Task<T> GuardAsync<T>(Task<T> task, CancellationToken cancellationToken)
    {
        await GuardAsync((Task)task, cancellationToken);
        return await task;
    }

    /// <summary>Waits for an answer that may never come: the browser may end, the page crash or hang.</summary>
    private async Task GuardAsync(Task task, CancellationToken cancellationToken)
    {
        if (!task.IsCompleted)
        {
            try
            {
                await Task.WhenAny(task, browser.Ended, crashed.Task).WaitAsync(browser.Options.FrameTimeout, cancellationToken);
            }
            catch (TimeoutException e)
            {
                var seconds = browser.Options.FrameTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture);
                throw new BrowserException(BrowserFault.Hung, $"The page did not answer for {seconds} s.", e);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (browser.Ended.IsCompleted || crashed.Task.IsCompleted)
        {
            throw await (browser.Ended.IsCompleted ? browser.Ended : crashed.Task);
        }

        try
        {
            await task;
        }
        catch (Exception e) when (BrowserAnswers.IsRefusal(e))
        {
            throw await BrowserAnswers.FaultOfAsync(e, cancellationToken, browser.Ended, crashed.Task);
        }
    }
}
