using System.Text;

namespace Platform.Egress;

/// <summary>The first line and the headers of an HTTP/1.1 message, as they were written.</summary>
internal sealed record ProxyHead(string FirstLine, IReadOnlyList<(string Name, string Value)> Headers)
{
    /// <summary>Largest head that is read, bytes. Chromium's cookies and referrers stay well below.</summary>
    public const int MaxBytes = 64 * 1024;

    private static readonly string[] HopByHop =
    [
        "Host", "Connection", "Proxy-Connection", "Proxy-Authorization", "Proxy-Authenticate", "Keep-Alive", "TE", "Trailer", "Expect", "Upgrade",
        FilteringProxy.RefusalHeader,
    ];

    /// <summary>Reads a head up to its empty line; what follows stays in the stream. Null when the peer closed before the first byte.</summary>
    /// <exception cref="InvalidDataException">No head, or one that is too large.</exception>
    public static async Task<ProxyHead?> ReadAsync(PeekedStream stream, CancellationToken cancellationToken)
    {
        var bytes = await stream.ReadThroughAsync("\r\n\r\n"u8.ToArray(), cancellationToken);
        return bytes.IsEmpty ? null : Parse(Encoding.Latin1.GetString(bytes.Span));
    }

    public string? this[string name] => Headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>The head as it goes on: without what is meant for one hop, closing after this message; an upgrade stays one.</summary>
    /// <param name="firstLine">Request or status line.</param>
    /// <param name="host">The request's target; null for an answer.</param>
    /// <param name="upgrade">The connection changes its protocol after this head.</param>
    public byte[] Forwarded(string firstLine, string? host, bool upgrade)
    {
        var named = (this["Connection"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var text = new StringBuilder(firstLine).Append("\r\n");
        if (host is not null)
        {
            text.Append("Host: ").Append(host).Append("\r\n");
        }

        foreach (var (name, value) in Headers)
        {
            if (!HopByHop.Contains(name, StringComparer.OrdinalIgnoreCase) && !named.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                text.Append(name).Append(": ").Append(value).Append("\r\n");
            }
        }

        text.Append(upgrade ? $"Connection: Upgrade\r\nUpgrade: {this["Upgrade"]}\r\n" : "Connection: close\r\n").Append("\r\n");
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    private static ProxyHead Parse(string text)
    {
        var lines = text.Split("\r\n");
        var headers = new List<(string, string)>();
        foreach (var line in lines.Skip(1).TakeWhile(line => line.Length > 0))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || char.IsWhiteSpace(line[0]) || line.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
            {
                throw new InvalidDataException("A header cannot be read.");
            }

            headers.Add((line[..colon].TrimEnd(), line[(colon + 1)..].Trim()));
        }

        return new ProxyHead(lines[0], headers);
    }
}
