using System.Text;
using System.Text.RegularExpressions;

namespace Platform.Storage.Fetching;

/// <summary>Knows own captions, which no media tool does, by what they hold. Their reader finds out whether they are right. Pure.</summary>
internal static partial class CaptionFile
{
    /// <summary>More bytes than any film's captions have.</summary>
    public const int MostBytes = 8 << 20;

    /// <summary>Their media type, or null for what is none.</summary>
    /// <param name="file">All of it, in whatever encoding: what tells one is ASCII in all of them, but for UTF-16's NULs.</param>
    public static string? TypeOf(ReadOnlySpan<byte> file)
    {
        var text = Encoding.Latin1.GetString(file).Replace("\0", "", StringComparison.Ordinal);
        return text switch
        {
            _ when WebVtt().IsMatch(text) => "text/vtt",
            _ when Events().IsMatch(text) => "text/x-ssa",
            _ when Words().IsMatch(text) => "application/json",
            _ when Times().IsMatch(text) => "application/x-subrip",
            _ => null,
        };
    }

    [GeneratedRegex(@"\A(\xEF\xBB\xBF|\xFF\xFE|\xFE\xFF)?\s*WEBVTT\b")]
    private static partial Regex WebVtt();

    [GeneratedRegex(@"^Dialogue:", RegexOptions.Multiline)]
    private static partial Regex Events();

    [GeneratedRegex(@"\A(\xEF\xBB\xBF|\xFF\xFE|\xFE\xFF)?\s*[\[{](?=[^<]*""start""\s*:)(?=[^<]*""end""\s*:)")]
    private static partial Regex Words();

    [GeneratedRegex(@"^\s*-?(\d{1,4}:)?\d{1,2}:\d{1,2}([.,]\d{1,3})?\s*-->\s*(\d{1,4}:)?\d{1,2}:\d{1,2}", RegexOptions.Multiline)]
    private static partial Regex Times();
}
