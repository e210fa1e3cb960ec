using System.Collections.Immutable;
using System.Globalization;

namespace Platform.Browser;

/// <summary>The command line of a browser. Pure.</summary>
internal static class ChromiumArguments
{
    public static ImmutableArray<string> For(BrowserSession session, string profile) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"--remote-debugging-port={session.DebuggingPort}"),
        "--user-data-dir=" + profile,
        string.Create(CultureInfo.InvariantCulture, $"--force-device-scale-factor={session.Scale}"),
        .. Network(session),
        .. Frames,
        .. Quiet,
        .. session.SecureOrigins.IsEmpty ? [] : (string[])["--unsafely-treat-insecure-origin-as-secure=" + string.Join(',', session.SecureOrigins)],
        "about:blank",
    ];

    // Without <-loopback> Chromium goes to loopback directly, past the proxy. The resolver rule is a second line: no name and no
    // address but the proxy's own can be reached without asking it.
    private static string[] Network(BrowserSession session) =>
    [
        "--proxy-server=" + session.ProxyServer.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped),
        "--proxy-bypass-list=<-loopback>",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE " + session.ProxyServer.IdnHost,
        "--disable-quic",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--dns-prefetch-disable",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-domain-reliability",
        "--disable-sync",
        "--no-pings",
    ];

    // Frames come when they are asked for, with everything that belongs to them. Animations and scrolling on the main thread follow
    // virtual time; chance is the same in every take; a picture is decoded before the frame that shows it; frames of other sites stay in the page's own process,
    // because virtual time reaches no other.
    private static readonly string[] Frames =
    [
        "--enable-begin-frame-control",
        "--run-all-compositor-stages-before-draw",
        "--disable-new-content-rendering-timeout",
        "--js-flags=--random-seed=1",
        "--disable-threaded-animation",
        "--disable-threaded-scrolling",
        "--disable-checker-imaging",
        "--disable-image-animation-resync",
        "--disable-features=IsolateOrigins,site-per-process,PaintHolding,Translate,MediaRouter,OptimizationHints,InterestFeedContentSuggestions,DialMediaRouteProvider",
        "--disable-site-isolation-trials",
        "--hide-scrollbars",
        "--disable-lcd-text",
        "--font-render-hinting=none",
        "--force-color-profile=srgb",
        "--autoplay-policy=no-user-gesture-required",
        "--mute-audio",
    ];

    private static readonly string[] Quiet =
    [
        "--block-new-web-contents",
        "--deny-permission-prompts",
        "--disable-notifications",
        "--disable-breakpad",
        "--disable-crash-reporter",
        "--disable-default-apps",
        "--disable-extensions",
        "--disable-file-system",
        "--disable-client-side-phishing-detection",
        "--disable-hang-monitor",
        "--disable-print-preview",
        "--metrics-recording-only",
        "--no-default-browser-check",
        "--no-first-run",
        "--no-service-autorun",
        "--password-store=basic",
        "--use-mock-keychain",
        "--lang=en-US",
    ];
}
