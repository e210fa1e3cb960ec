using Platform.Capture.Takes;

namespace Platform.Capture.Camera;

/// <summary>What a browser's bar and an end card say of where a page is.</summary>
internal static class PageAddress
{
    /// <summary>The host, as people write it; the title, where the page lies at no public address.</summary>
    public static string Of(Timeline timeline) => Host(timeline) is { Length: > 0 } host ? host : timeline.Title;

    /// <summary>The host, as people write it; empty for a page at no public address.</summary>
    public static string Host(Timeline timeline)
    {
        var page = new Uri(timeline.Url);
        var name = page.IdnHost;
        if (name.Length == 0 || page.HostNameType != UriHostNameType.Dns || !name.Contains('.', StringComparison.Ordinal) || name.EndsWith(Platform.Egress.SiteAddress.Suffix, StringComparison.OrdinalIgnoreCase))
            return "";
        return page.Host.StartsWith("www.", StringComparison.Ordinal) ? page.Host[4..] : page.Host;
    }
}
