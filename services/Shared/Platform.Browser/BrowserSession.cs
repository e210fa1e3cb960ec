using System.Collections.Immutable;

namespace Platform.Browser;

/// <summary>What one browser is started for.</summary>
public sealed record BrowserSession
{
    /// <summary>The only way out: the filtering proxy. Nothing reaches the network past it, loopback included.</summary>
    public required Uri ProxyServer { get; init; }

    /// <summary>
    /// Pixels per CSS pixel of every page, 1 to 4. The whole browser's, because only then pages are laid out and scrolled in whole pixels of the
    /// frame; emulated for one page, they are so in CSS pixels.
    /// </summary>
    public double Scale { get; init; } = 1;

    /// <summary>The loopback port of the browser's debugging interface; 0: a free one. Say which where pages may reach loopback, and forbid it to the proxy.</summary>
    public int DebuggingPort { get; init; }

    /// <summary>Real time from start to end; then the browser is killed. Default 15 min.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>http origins to treat as https ones, <c>http://ID.site.invalid</c>: pages served from an upload get every API a live page has.</summary>
    public ImmutableArray<string> SecureOrigins { get; init; } = [];
}

/// <summary>How a page is seen.</summary>
public sealed record PageView
{
    /// <summary>CSS pixels.</summary>
    public required int Width { get; init; }

    /// <summary>CSS pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Frames per second of virtual time.</summary>
    public double FramesPerSecond { get; init; } = 30;

    /// <summary>What <c>Date</c> says when the page begins; null: now, to the second.</summary>
    public DateTimeOffset? Clock { get; init; }

    /// <summary>A phone or tablet: touch, the viewport's meta tag, overlay scroll bars.</summary>
    public bool Mobile { get; init; }

    public bool Dark { get; init; }

    /// <summary>As <c>navigator.language</c> and <c>Accept-Language</c> say it, such as <c>de-DE</c>; null: en-US.</summary>
    public string? Locale { get; init; }

    /// <summary>Sent with every request to <see cref="HeaderOrigin"/>, and to nobody else: they may say who the visitor is.</summary>
    public ImmutableSortedDictionary<string, string> Headers { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Scheme, host and port whose requests get <see cref="Headers"/>; needed where there are any.</summary>
    public Uri? HeaderOrigin { get; init; }

    /// <summary>Set before the page goes anywhere.</summary>
    public ImmutableArray<BrowserCookie> Cookies { get; init; } = [];

    /// <summary>Run in every frame before anything of the page's own.</summary>
    public ImmutableArray<string> DocumentStartScripts { get; init; } = [];
}

/// <summary>A cookie of a browser.</summary>
/// <param name="Name">Of the cookie.</param>
/// <param name="Value">Of the cookie.</param>
/// <param name="Domain">The host it belongs to; with a dot in front, its subdomains too.</param>
/// <param name="Path">Where on the host.</param>
public sealed record BrowserCookie(string Name, string Value, string Domain, string Path = "/")
{
    /// <summary>Seconds since 1970; null: until the browser ends.</summary>
    public double? Expires { get; init; }

    public bool HttpOnly { get; init; }

    public bool Secure { get; init; }

    /// <summary><c>Strict</c>, <c>Lax</c>, <c>None</c>, or null for the browser's default.</summary>
    public string? SameSite { get; init; }

    /// <summary>Never the value.</summary>
    public override string ToString() => Name;
}
