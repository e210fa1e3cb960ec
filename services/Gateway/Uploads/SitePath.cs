using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Platform.Gateway.Uploads;

/// <summary>A file's place within an uploaded site: <c>index.html</c>, <c>css/site.css</c>. Never a place on a disk; kept strict all the same.</summary>
internal static class SitePath
{
    private const int MaxLength = 500;

    /// <summary>The path in the one form it is kept in. False for what is absolute, climbs, or reads differently to different parsers.</summary>
    public static bool TryNormalize(string text, [NotNullWhen(true)] out string? path)
    {
        path = null;
        if (text.Length is 0 or > MaxLength || text.Any(IsConfusing)) return false;
        string normal;
        try { normal = text.Normalize(NormalizationForm.FormC); }
        catch (ArgumentException) { return false; }     // half of a surrogate pair
        if (normal.Split('/').Any(segment => segment.Length == 0 || segment.Trim(' ').Length != segment.Length || segment.All(c => c == '.') || Encoding.UTF8.GetByteCount(segment) > 255))
            return false;
        path = normal;
        return true;
    }

    /// <summary>By this, paths that some file systems would take for one are told apart from those that nobody mixes up.</summary>
    public static string Folded(string path) => path.ToUpperInvariant();

    /// <summary>Media type by extension: browsers tell styles and scripts by it, not by content.</summary>
    public static string? ContentTypeOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".html" or ".htm" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" or ".mjs" => "text/javascript; charset=utf-8",
        ".json" or ".map" => "application/json",
        ".svg" => "image/svg+xml",
        ".webmanifest" => "application/manifest+json",
        ".xml" => "application/xml",
        ".txt" => "text/plain; charset=utf-8",
        ".wasm" => "application/wasm",
        ".woff2" => "font/woff2",
        ".woff" => "font/woff",
        ".ttf" => "font/ttf",
        ".otf" => "font/otf",
        ".ico" => "image/x-icon",
        ".avif" => "image/avif",
        _ => null,
    };

    private static bool IsConfusing(char c) => c is '\\' or ':' or '%' or '?' or '#' or '*' or '"' or '<' or '>' or '|' || char.IsControl(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
