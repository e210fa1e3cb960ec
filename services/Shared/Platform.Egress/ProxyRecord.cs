namespace Platform.Egress;

/// <summary>One thing the browser asked of <see cref="FilteringProxy"/>.</summary>
public sealed record ProxyRecord
{
    /// <summary>When it was asked.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary><c>GET</c>, <c>POST</c> …; <c>CONNECT</c> for TLS and WebSocket, of which nothing inside is seen.</summary>
    public required string Method { get; init; }

    /// <summary>Scheme, host, port and path, without a query; <c>host:port</c> for <c>CONNECT</c>. At most 1,000 characters, control characters removed.</summary>
    public required string Target { get; init; }

    /// <summary>Why it was refused or failed: a code of <see cref="EgressCodes"/>. Null when it was answered.</summary>
    public string? Refusal { get; init; }

    /// <summary>The server's status; 200 for an open tunnel; ours when it was refused.</summary>
    public int? Status { get; init; }
}
