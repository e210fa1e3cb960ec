using System.Collections.Immutable;

namespace Platform.Browser;

/// <summary>Where Chromium is.</summary>
public static class ChromiumExecutable
{
    /// <summary>
    /// Looked at in this order. Only the old headless shell gives frames on demand (<c>HeadlessExperimental</c>);
    /// <c>/usr/bin/chromium-headless-shell</c> is a shell script that stays the browser's parent, so it is no candidate.
    /// </summary>
    public static ImmutableArray<string> Candidates { get; } =
    [
        "/usr/lib/chromium/chromium-headless-shell",
        "/usr/lib64/chromium-browser/headless_shell",
        "/usr/lib64/chromium/headless_shell",
        "/opt/chromium/chrome-headless-shell",
        "/opt/chrome-headless-shell/chrome-headless-shell",
    ];

    /// <summary>The executable to start.</summary>
    /// <exception cref="BrowserException">There is none: <see cref="BrowserFault.NotFound"/>.</exception>
    public static string Find(BrowserOptions options) => TryFind(options)
        ?? throw new BrowserException(BrowserFault.NotFound, options.Executable is { } wanted
            ? $"There is no Chromium at {wanted}."
            : "There is no chromium-headless-shell on this machine (Debian: apt-get install chromium-headless-shell).");

    /// <summary>The executable to start, or null.</summary>
    public static string? TryFind(BrowserOptions options) => options.Executable is { } wanted
        ? File.Exists(wanted) ? wanted : null
        : Candidates.FirstOrDefault(File.Exists);
}
