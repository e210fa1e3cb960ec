using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;

namespace Platform.Egress;

/// <summary>One reason why a URL is refused. The detail never repeats the URL: it may hold secrets.</summary>
/// <param name="Code">Stable: one of the <c>url_*</c> constants of <see cref="UrlPolicy"/>.</param>
/// <param name="Detail">One sentence for a person.</param>
public sealed record UrlProblem(string Code, string Detail);

/// <summary>
/// What a user's URL may look like. Pure: looks at the text alone and resolves nothing. It exists to tell people early; what keeps us
/// safe is <see cref="GuardedConnector"/>, which looks at the address that is connected to.
/// </summary>
public static class UrlPolicy
{
    /// <summary>Not a URL, or one with characters that parsers read differently.</summary>
    public const string Invalid = "url_invalid";

    /// <summary>Neither http nor https.</summary>
    public const string SchemeNotAllowed = "url_scheme_not_allowed";

    /// <summary>Names an address or a host that is not public.</summary>
    public const string NotAllowed = "url_not_allowed";

    /// <summary>Has a user name or a password.</summary>
    public const string UserInfoNotAllowed = "url_userinfo_not_allowed";

    /// <summary>A port other than 80, 443, 8080 and 8443.</summary>
    public const string PortNotAllowed = "url_port_not_allowed";

    /// <summary>Longest URL that is accepted, in characters.</summary>
    public const int MaxLength = 8192;

    private static readonly string[] InnerSuffixes = ["localhost", "local", "internal", "localdomain", "home.arpa"];

    /// <summary>All problems of <paramref name="url"/>; none when it may be asked for.</summary>
    /// <param name="url">The text as the user wrote it.</param>
    /// <param name="allowPrivate">Loopback and private networks are allowed, on any port; metadata addresses still are not.</param>
    public static ImmutableArray<UrlProblem> Check(string? url, bool allowPrivate = false)
    {
        if (string.IsNullOrEmpty(url))
        {
            return [new(Invalid, "The URL is empty.")];
        }

        if (url.Length > MaxLength)
        {
            return [new(Invalid, $"The URL is longer than {MaxLength} characters.")];
        }

        if (url.Any(IsConfusing))
        {
            return [new(Invalid, "The URL contains a space, a backslash, a control or an invisible character.")];
        }

        var scheme = SchemeOf(url);
        if (scheme is null && !url.StartsWith("//", StringComparison.Ordinal))
        {
            return [new(Invalid, "The URL does not start with http:// or https://.")];
        }

        if (scheme is not ("http" or "https"))
        {
            return [new(SchemeNotAllowed, "Only http and https URLs are allowed.")];
        }

        return url.AsSpan(scheme.Length).StartsWith("://", StringComparison.Ordinal)
            ? CheckAuthority(url, url[(scheme.Length + 3)..], allowPrivate)
            : [new(Invalid, "The URL has no host.")];
    }

    private static ImmutableArray<UrlProblem> CheckAuthority(string url, string rest, bool allowPrivate)
    {
        var problems = ImmutableArray.CreateBuilder<UrlProblem>();

        // A '#' does not end the search for '@': parsers have disagreed about http://a#@b.
        if (rest.AsSpan(0, IndexOrEnd(rest, "/?")).Contains('@'))
        {
            problems.Add(new(UserInfoNotAllowed, "A URL must not contain a user name or password."));
        }

        var authority = rest[..IndexOrEnd(rest, "/?#")];
        var hostAndPort = authority[(authority.LastIndexOf('@') + 1)..];
        var colon = hostAndPort.LastIndexOf(':');
        var port = colon > hostAndPort.LastIndexOf(']') ? hostAndPort[(colon + 1)..] : "";
        if (port.Length > 0 && !PortAllowed(port, allowPrivate))
        {
            problems.Add(new(PortNotAllowed, allowPrivate
                ? "The port must be between 1 and 65535."
                : "Only the ports 80, 443, 8080 and 8443 are allowed."));
        }

        var host = port.Length > 0 || colon == hostAndPort.Length - 1 ? hostAndPort[..Math.Max(colon, 0)] : hostAndPort;
        if (CheckHost(host, allowPrivate) is { } problem)
        {
            problems.Add(problem);
        }
        else if (problems.Count == 0 && !Uri.TryCreate(url, UriKind.Absolute, out _))
        {
            problems.Add(new(Invalid, "The URL cannot be parsed."));
        }

        return problems.DrainToImmutable();
    }

    private static UrlProblem? CheckHost(string text, bool allowPrivate)
    {
        var notPublic = new UrlProblem(NotAllowed, "The URL's host is not a public address.");
        if (text.StartsWith('['))
        {
            return text.EndsWith(']') && IPAddress.TryParse(text[1..^1].Replace("%25", "%", StringComparison.Ordinal), out var v6)
                ? AddressGuard.Allows(v6, allowPrivate) ? null : notPublic
                : new(Invalid, "The URL's IPv6 address cannot be parsed.");
        }

        if (HostName(text) is not { } host)
        {
            return new(Invalid, "The URL's host is not a valid name.");
        }

        if (EndsInNumber(host))
        {
            // The forms of inet_aton (127.1, 0x7f000001, 0177.0.0.1, 2130706433) are addresses to every client.
            return IPAddress.TryParse(host, out var v4)
                ? AddressGuard.Allows(v4, allowPrivate) ? null : notPublic
                : new(Invalid, "The URL's address cannot be parsed.");
        }

        if (IsUnder(host, "invalid") || host is "metadata.google.internal" or "metadata")
        {
            return notPublic;
        }

        return !allowPrivate && (!host.Contains('.', StringComparison.Ordinal) || InnerSuffixes.Any(suffix => IsUnder(host, suffix)))
            ? notPublic
            : null;
    }

    /// <summary>The name as DNS sees it: compatibility forms folded, lower case, punycode, no trailing dot. Null when it is no name.</summary>
    private static string? HostName(string text)
    {
        try
        {
            var folded = text.Normalize(NormalizationForm.FormKC).Replace('。', '.').ToLowerInvariant();
            var name = folded.EndsWith('.') ? folded[..^1] : folded;
            var ascii = Ascii.IsValid(name) ? name : new IdnMapping { UseStd3AsciiRules = false }.GetAscii(name);
            var valid = ascii.Length is > 0 and <= 253
                && ascii.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_')
                && ascii.Split('.').All(label => label.Length is > 0 and <= 63);
            return valid ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null; // lone surrogates, labels that IDNA refuses
        }
    }

    /// <summary>Whether clients read the host as an IPv4 address (WHATWG URL, "ends in a number").</summary>
    private static bool EndsInNumber(string host)
    {
        var last = host[(host.LastIndexOf('.') + 1)..];
        return last.All(char.IsAsciiDigit) || (last.StartsWith("0x", StringComparison.Ordinal) && last[2..].All(char.IsAsciiHexDigit));
    }

    private static bool PortAllowed(string text, bool allowPrivate) =>
        text.Length <= 5 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        && (allowPrivate ? port is > 0 and <= 65535 : port is 80 or 443 or 8080 or 8443);

    private static string? SchemeOf(string url)
    {
        var colon = url.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && char.IsAsciiLetter(url[0]) && url.AsSpan(0, colon).IndexOfAnyExcept(SchemeCharacters) < 0
            ? url[..colon].ToLowerInvariant()
            : null;
    }

    private static readonly System.Buffers.SearchValues<char> SchemeCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    private static bool IsConfusing(char c) => c == '\\' || char.IsWhiteSpace(c) || char.IsControl(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool IsUnder(string host, string suffix) =>
        host == suffix || (host.EndsWith(suffix, StringComparison.Ordinal) && host[^(suffix.Length + 1)] == '.');

    private static int IndexOrEnd(string text, string any) => text.IndexOfAny(any.ToCharArray()) is >= 0 and var at ? at : text.Length;
}
