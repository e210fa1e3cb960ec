using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.Playwright;
using Platform.Processes;

namespace Platform.Browser;

/// <summary>Starts browsers, each a process tree of its own with a profile of its own.</summary>
public interface IBrowserLauncher
{
    /// <summary>Starts a browser. Whoever gets it disposes it; the token ends it as long as it runs.</summary>
    /// <exception cref="BrowserException">It did not come up; nothing of it is left.</exception>
    Task<ChromiumBrowser> LaunchAsync(BrowserSession session, CancellationToken cancellationToken);
}

internal sealed class BrowserLauncher(IProcessRunner runner, IChildUser user, IOptions<BrowserOptions> options) : IBrowserLauncher
{
    private const string Listening = "DevTools listening on ";

    // Profiles that a killed process could not delete go when its successor starts its first browser.
    private readonly Lazy<string> profiles = new(() =>
    {
        var root = Path.GetFullPath(options.Value.ProfileRoot ?? Path.GetTempPath());
        BrowserProfile.Sweep(root);
        return root;
    });

    public async Task<ChromiumBrowser> LaunchAsync(BrowserSession session, CancellationToken cancellationToken)
    {
        var executable = ChromiumExecutable.Find(options.Value);
        var profile = BrowserProfile.Create(profiles.Value, user);
        IRunningChild? child = null;
        IPlaywright? playwright = null;
        try
        {
            var endpoint = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            child = await runner.StartAsync(Child(executable, session, profile.Folder, endpoint), cancellationToken);
            var driver = Playwright.CreateAsync();
            var address = await AddressAsync(endpoint.Task, child, cancellationToken);
            playwright = await driver.WaitAsync(options.Value.StartTimeout, cancellationToken);
            var browser = await playwright.Chromium.ConnectOverCDPAsync(address, new() { Timeout = (float)options.Value.StartTimeout.TotalMilliseconds })
                .WaitAsync(cancellationToken);
            return await ChromiumBrowser.AttachAsync(child, profile, playwright, browser, session, options.Value, cancellationToken);
        }
        catch (Exception e)
        {
            playwright?.Dispose();
            if (child is not null)
            {
                await child.DisposeAsync();
            }

            profile.Dispose();
            throw BrowserAnswers.IsRefusal(e) || e is TimeoutException or ChildException
                ? new BrowserException(BrowserFault.NotStarted, $"Chromium did not start: {e.Message}", e)
                : e;
        }
    }

    private ChildProcess Child(string executable, BrowserSession session, string profile, TaskCompletionSource<string> endpoint) =>
        new(executable, ChromiumArguments.For(session, profile))
        {
            WorkingDirectory = profile,
            Unprivileged = true,
            Environment = new Dictionary<string, string>
            {
                ["HOME"] = profile,
                ["TMPDIR"] = profile,
                ["XDG_CONFIG_HOME"] = profile,
                ["XDG_CACHE_HOME"] = profile,
                ["DBUS_SESSION_BUS_ADDRESS"] = "disabled:",
            },
            Limits = new ChildLimits { WallTime = session.Budget, Silence = null, Grace = TimeSpan.Zero, MemoryBytes = options.Value.MemoryBytes, Processes = 64 },
            OnErrorLine = line =>
            {
                if (line.StartsWith(Listening, StringComparison.Ordinal))
                {
                    endpoint.TrySetResult(line[Listening.Length..].Trim());
                }
            },
        };

    private async Task<string> AddressAsync(Task<string> endpoint, IRunningChild child, CancellationToken cancellationToken)
    {
        var first = await Task.WhenAny(endpoint, child.Completion).WaitAsync(options.Value.StartTimeout, cancellationToken);
        if (first == endpoint)
        {
            return await endpoint;
        }

        var ended = await child.Completion;
        throw new BrowserException(BrowserFault.NotStarted, $"Chromium ended with {ended.ExitCode} before it listened: {ended.ErrorTail}");
    }
}

public static class BrowserServices
{
    /// <summary>Adds <see cref="IBrowserLauncher"/>, configured by <see cref="BrowserOptions"/>, and the process runner it needs.</summary>
    public static IServiceCollection AddBrowser(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<BrowserOptions, BrowserOptionsValidator>()
            .BindConfiguration(BrowserOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        services.AddProcesses();
        services.TryAddSingleton<IBrowserLauncher, BrowserLauncher>();
        return services;
    }

    /// <summary>Adds <see cref="ITextRasteriser"/> and <see cref="IInstalledFonts"/>, with the browser they need.</summary>
    public static IServiceCollection AddTextRasteriser(this IServiceCollection services)
    {
        services.AddBrowser();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TextBrowsers>();
        services.TryAddSingleton<IInstalledFonts, InstalledFonts>();
        services.TryAddSingleton<ITextRasteriser, TextRasteriser>();
        return services;
    }

    /// <summary>Adds <see cref="IHtmlLayer"/>, with the browser it needs.</summary>
    public static IServiceCollection AddHtmlLayers(this IServiceCollection services)
    {
        services.AddBrowser();
        services.TryAddSingleton<IHtmlLayer, HtmlLayer>();
        return services;
    }
}
