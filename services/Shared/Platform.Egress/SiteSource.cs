namespace Platform.Egress;

/// <summary>A file of an uploaded site.</summary>
/// <param name="Content">Read from its start to its end, then disposed. Seekable, so that its length is known and ranges work.</param>
/// <param name="ContentType">As the browser is told.</param>
public sealed record SiteFile(Stream Content, string ContentType);

/// <summary>Answers what a page asks of <c>http://ID.site.invalid/</c>. There is no server: <see cref="FilteringProxy"/> answers itself.</summary>
public interface ISiteSource
{
    /// <summary>The file, or null when there is none.</summary>
    /// <param name="site">The label before <c>.site.invalid</c>, lower case.</param>
    /// <param name="path">Percent-decoded, without a leading slash, no empty, <c>.</c> or <c>..</c> segment; ends with <c>index.html</c> where the URL ended with a slash.</param>
    /// <param name="cancellationToken">Ends with the proxy.</param>
    ValueTask<SiteFile?> OpenAsync(string site, string path, CancellationToken cancellationToken);
}

/// <summary>Reads and writes names under the reserved domain of sites. Pure.</summary>
public static class SiteAddress
{
    /// <summary>Nobody can own a name under <c>.invalid</c> (RFC 2606).</summary>
    public const string Suffix = ".site.invalid";

    /// <summary>The address at which a browser behind the proxy finds a site.</summary>
    public static Uri For(string site) => new($"http://{site}{Suffix}/");

    internal static string? SiteOf(string host)
    {
        var name = host.TrimEnd('.').ToLowerInvariant();
        return name.EndsWith(Suffix, StringComparison.Ordinal) && name.Length > Suffix.Length ? name[..^Suffix.Length] : null;
    }

    /// <summary>The path as <see cref="ISiteSource"/> gets it; null when it tries to leave the site.</summary>
    internal static string? PathOf(string rawPath)
    {
        var path = Uri.UnescapeDataString(rawPath.Split('?', '#')[0]).TrimStart('/');
        if (path.Length == 0 || path.EndsWith('/'))
        {
            path += "index.html";
        }

        return path.Any(c => c == '\\' || char.IsControl(c)) || path.Split('/').Any(segment => segment is "" or "." or "..") ? null : path;
    }
}
