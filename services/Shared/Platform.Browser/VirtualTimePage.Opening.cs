using System.Globalization;
using System.Reflection;
using Microsoft.Playwright;

namespace Platform.Browser;

public sealed partial class VirtualTimePage
{
    private static readonly string Guard = Resource("guard.js");

    internal static async Task<VirtualTimePage> OpenAsync(ChromiumBrowser browser, PageView view, CancellationToken cancellationToken)
    {
        var context = browser.Browser.Contexts[0];
        // Only a target made so gives its frames on demand; over CDP it appears as a page of the default context.
        var opened = context.RunAndWaitForPageAsync(() => browser.Root.SendAsync("Target.createTarget", new()
        {
            ["url"] = "about:blank",
            ["width"] = view.Width,
            ["height"] = view.Height,
            ["enableBeginFrameControl"] = true,
        }));
        var page = await browser.AnswerAsync(opened, cancellationToken);
        var cdp = await browser.AnswerAsync(context.NewCDPSessionAsync(page), cancellationToken);
        var virtualPage = new VirtualTimePage(browser, page, cdp, view);
        await virtualPage.PrepareAsync(cancellationToken);
        return virtualPage;
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        // What a handler throws would end the driver: it is called from the loop that reads the driver's answers.
        cdp.Event("Emulation.virtualTimeBudgetExpired").OnEvent += (_, _) => budgetSpent.Writer.TryWrite(true);
        Page.Crash += (_, _) => crashed.TrySetResult(new BrowserException(BrowserFault.PageCrashed, "The page's process ended."));
        Page.FrameNavigated += (_, frame) => Navigations += frame == Page.MainFrame ? 1 : 0;
        Page.Dialog += (_, dialog) => _ = dialog.DismissAsync();
        Page.Response += (_, response) => Status = IsOwn(response) ? response.Status : Status;
        Page.SetDefaultTimeout(0); // our own limits hold: virtual time stands still while we work
        Page.SetDefaultNavigationTimeout(0);

        await GuardAsync(Page.AddInitScriptAsync(Guard), cancellationToken);
        await WatchMediaAsync(cancellationToken);
        foreach (var script in view.DocumentStartScripts)
        {
            await GuardAsync(Page.AddInitScriptAsync(script), cancellationToken);
        }

        await EmulateAsync(cancellationToken);
        await IntroduceAsync(cancellationToken);

        // Time stops before the page is loaded, so that loading too is in virtual time.
        var clock = view.Clock ?? DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        var stopped = await SendAsync(
            "Emulation.setVirtualTimePolicy",
            new() { ["policy"] = "pause", ["initialVirtualTime"] = clock.ToUnixTimeMilliseconds() / 1000.0 },
            cancellationToken);
        var stood = stopped.GetProperty("virtualTimeTicksBase").GetDouble();
        origin = (Math.Floor(stood * 10) + 2) / 10; // on the grid of frames, and not so near that there is no time to pass
        await SetPolicyAsync("advance", origin - stood + HalfMicrosecond, cancellationToken);
        await SpendAsync(cancellationToken);
    }

    private bool IsOwn(IResponse response)
    {
        try
        {
            return response.Request.IsNavigationRequest && response.Frame == Page.MainFrame;
        }
        catch (PlaywrightException)
        {
            return false; // its frame is not there yet, or no more
        }
    }

    private async Task EmulateAsync(CancellationToken cancellationToken)
    {
        await SetMetricsAsync(Scale, cancellationToken);
        if (view.Mobile)
        {
            await SendAsync("Emulation.setTouchEmulationEnabled", new() { ["enabled"] = true }, cancellationToken);
        }

        await SendAsync(
            "Emulation.setEmulatedMedia",
            new()
            {
                ["features"] = new[]
                {
                    new Dictionary<string, object> { ["name"] = "prefers-color-scheme", ["value"] = view.Dark ? "dark" : "light" },
                },
            },
            cancellationToken);

        var version = await SendAsync("Browser.getVersion", [], cancellationToken);
        var agent = version.GetProperty("userAgent").GetString()!.Replace("HeadlessChrome", "Chrome", StringComparison.Ordinal);
        var language = view.Locale ?? "en-US";
        await SendAsync(
            "Emulation.setUserAgentOverride",
            new() { ["userAgent"] = view.Mobile ? MobileAgent(agent) : agent, ["acceptLanguage"] = language },
            cancellationToken);
        await SendAsync("Emulation.setLocaleOverride", new() { ["locale"] = language }, cancellationToken);
    }

    private async Task SetMetricsAsync(double scale, CancellationToken cancellationToken) => await SendAsync(
        "Emulation.setDeviceMetricsOverride",
        new()
        {
            ["width"] = view.Width,
            ["height"] = view.Height,
            ["deviceScaleFactor"] = scale,
            ["mobile"] = view.Mobile,
            ["screenWidth"] = view.Width,
            ["screenHeight"] = view.Height,
        },
        cancellationToken);

    private static string MobileAgent(string agent)
    {
        var version = agent.Split("Chrome/")[^1].Split('.')[0];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 Mobile Safari/537.36");
    }

    internal static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
