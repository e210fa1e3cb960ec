using System.Collections.Immutable;
using System.Globalization;
using Platform.Browser;
using Platform.Contracts;

namespace Platform.Capture.Takes;

/// <summary>Says what is wrong with a page, if anything is. Pure: the first reason that holds is the one that is told.</summary>
internal static class PageVerdict
{
    /// <summary>Redirects by script or by meta tag after which a page counts as going in circles.</summary>
    public const int MostNavigations = 10;

    /// <summary>A wall says little else; a page that merely mentions one of these says more.</summary>
    private const int LongestWall = 1200;

    private static readonly ImmutableArray<string> WallTitles =
        ["just a moment", "attention required", "access denied", "access to this page has been denied", "pardon our interruption", "are you a robot", "security check", "ddos-guard", "verify you are human", "request rejected", "you have been blocked"];

    private static readonly ImmutableArray<string> WallTexts =
        ["verify you are human", "verifying you are human", "checking your browser", "enable javascript and cookies to continue", "unusual traffic", "you have been blocked", "press & hold", "press and hold to confirm", "complete the security check", "i am not a robot", "i'm not a robot", "bot detection"];

    private static readonly ImmutableArray<string> LoginPaths = ["login", "log-in", "signin", "sign-in", "sso", "auth", "authenticate", "oauth", "session"];

    /// <summary>What the navigation itself says, before the page is looked at; null when there is a page.</summary>
    /// <param name="result">How it ended.</param>
    /// <param name="refusal">The proxy's code, when it refused the page's host.</param>
    public static StageFailure? OfNavigation(NavigationResult result, string? refusal) => (refusal, result.Error) switch
    {
        ("fetch.address_blocked" or "fetch.url_not_allowed", _) => Permanent("capture.address_blocked", "The page is not at a public address."),
        ("fetch.dns_failed", _) => Transient("capture.unreachable", "The page's host name could not be resolved."),
        (not null, _) => Transient("capture.unreachable", "No connection to the page's host."),
        (null, null) => null,
        (null, "net::ERR_TOO_MANY_REDIRECTS") => Permanent("capture.navigation_loop", "The page redirects in circles."),
        (null, "download" or "net::ERR_ABORTED") => Permanent("capture.download_not_allowed", "The address gives a file to save, not a page."),
        (null, { } error) when error.StartsWith("net::ERR_CERT", StringComparison.Ordinal) || error.StartsWith("net::ERR_SSL", StringComparison.Ordinal) =>
            Permanent("capture.certificate_invalid", $"The page's certificate was refused ({error[5..]})."),
        (null, "net::ERR_BLOCKED_BY_CLIENT" or "net::ERR_DISALLOWED_URL_SCHEME" or "net::ERR_UNKNOWN_URL_SCHEME" or "net::ERR_UNSAFE_PORT" or "net::ERR_UNSAFE_REDIRECT") =>
            Permanent("capture.address_blocked", "The page leads to an address that is not for pages."),
        (null, { } error) => Transient("capture.unreachable", $"The page could not be loaded ({(error.StartsWith("net::", StringComparison.Ordinal) ? error[5..] : error)})."),
    };

    /// <summary>What the loaded page says; null when it is one to film.</summary>
    /// <param name="asked">The address that was asked for.</param>
    /// <param name="result">How the navigation ended.</param>
    /// <param name="here">Where the page is now.</param>
    /// <param name="navigations">How often the page navigated.</param>
    /// <param name="facts">What is on it.</param>
    public static StageFailure? OfPage(Uri asked, NavigationResult result, Uri here, int navigations, PageFacts facts)
    {
        if (navigations > MostNavigations)
        {
            return Loop;
        }

        if (IsChallenge(facts) || (result.Status is 401 or 407))
        {
            return Permanent("capture.blocked", result.Status is 401 or 407
                ? $"The page asks for a login (HTTP {Text(result.Status)})."
                : "The page shows a check for robots instead of itself.");
        }

        if (result.Status >= 400)
        {
            var detail = $"The page answered with HTTP {Text(result.Status)}.";
            return result.Status is 408 or 425 or 429 or >= 500 ? Transient("capture.http_error", detail) : Permanent("capture.http_error", detail);
        }

        return facts.Password && !IsLogin(asked) && IsLogin(here) && facts.Text.Length <= LongestWall
            ? Permanent("capture.blocked", "The page leads to a login.")
            : null;
    }

    /// <summary>The failure of a page that never stays.</summary>
    public static StageFailure Loop => Permanent("capture.navigation_loop", "The page goes from address to address without end.");

    private static bool IsChallenge(PageFacts facts) =>
        facts.Text.Length <= LongestWall
        && (facts.Challenge
            || WallTitles.Any(title => facts.Title.StartsWith(title, StringComparison.OrdinalIgnoreCase))
            || WallTexts.Any(text => facts.Text.Contains(text, StringComparison.OrdinalIgnoreCase)));

    private static bool IsLogin(Uri url) => url.AbsolutePath.Split('/', '.').Any(part => LoginPaths.Contains(part.ToLowerInvariant()))
        || url.Host.Split('.')[0].ToLowerInvariant() is "login" or "accounts" or "auth" or "sso";

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static StageFailure Permanent(string code, string detail) => new(code, FailureKind.Permanent, detail);

    private static StageFailure Transient(string code, string detail) => new(code, FailureKind.Transient, detail);
}
