namespace Platform.Egress;

/// <summary>A user's URL could not be asked for, or gave no usable answer. Messages never hold a query string or user info.</summary>
public sealed class EgressException : Exception
{
    public EgressException(string code, bool transient, string message, Exception? inner = null)
        : base(message, inner) => (Code, Transient) = (code, transient);

    /// <summary>Stable: one of <see cref="EgressCodes"/>.</summary>
    public string Code { get; }

    /// <summary>Whether another try may succeed.</summary>
    public bool Transient { get; }

    /// <summary>The HTTP status, when an answer came.</summary>
    public int? Status { get; init; }

    /// <summary>How long the server asks us to wait before the next try. Not clamped: the caller knows its deadline.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>Codes of <see cref="EgressException"/>.</summary>
public static class EgressCodes
{
    /// <summary>The URL breaks <see cref="UrlPolicy"/>.</summary>
    public const string UrlNotAllowed = "fetch.url_not_allowed";

    /// <summary>The host's addresses are not public, or are our own. One code for every reason, so that nobody can scan with us.</summary>
    public const string AddressBlocked = "fetch.address_blocked";

    /// <summary>The name was not resolved within 10 s. Transient.</summary>
    public const string DnsFailed = "fetch.dns_failed";

    /// <summary>No connection to any of the host's addresses. Transient.</summary>
    public const string ConnectFailed = "fetch.connect_failed";

    /// <summary>The certificate or the TLS version was refused.</summary>
    public const string TlsFailed = "fetch.tls_failed";

    /// <summary>No connection within 10 s, or no answer within 30 s. Transient.</summary>
    public const string Timeout = "fetch.timeout";

    /// <summary>Less than 50 KB/s over 60 s. Transient.</summary>
    public const string TooSlow = "fetch.too_slow";

    /// <summary>Larger than the limit.</summary>
    public const string TooLarge = "fetch.too_large";

    /// <summary>The connection ended before the promised length, also after resuming. Transient.</summary>
    public const string Truncated = "fetch.truncated";

    /// <summary>A redirect leads to where a URL may not.</summary>
    public const string RedirectBlocked = "fetch.redirect_blocked";

    /// <summary>More than five redirects.</summary>
    public const string TooManyRedirects = "fetch.too_many_redirects";

    /// <summary>404 or 410.</summary>
    public const string NotFound = "fetch.not_found";

    /// <summary>401, 403 or 407.</summary>
    public const string Forbidden = "fetch.forbidden";

    /// <summary>Any other status that is no success: 408, 425, 429 and 5xx are transient.</summary>
    public const string HttpError = "fetch.http_error";

    /// <summary>What the server sent is not HTTP, or its headers are larger than 32 KB.</summary>
    public const string BadAnswer = "fetch.bad_answer";
}
