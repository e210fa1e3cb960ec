using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;

namespace Platform.Egress;

/// <summary>Says what a failed request or a status means for the one who asked. Pure.</summary>
internal static class HttpFailure
{
    public static EgressException Classify(HttpStatusCode status, Uri url, RetryConditionHeaderValue? retryAfter, DateTimeOffset now)
    {
        var number = (int)status;
        var (code, transient, message) = number switch
        {
            401 or 403 or 407 when IsSigned(url) => (EgressCodes.Forbidden, false, $"The server answered {number}. The URL is signed: it may have expired (url-expired)."),
            401 or 403 or 407 => (EgressCodes.Forbidden, false, $"The server answered {number}."),
            404 or 410 => (EgressCodes.NotFound, false, $"The server answered {number}."),
            408 or 425 or 429 or >= 500 => (EgressCodes.HttpError, true, $"The server answered {number}."),
            _ => (EgressCodes.HttpError, false, $"The server answered {number}."),
        };
        return new EgressException(code, transient, message) { Status = number, RetryAfter = Wait(retryAfter, now) };
    }

    /// <summary>What went wrong before there was an answer. An <see cref="EgressException"/> inside is the guard's own word.</summary>
    public static EgressException Classify(Exception e)
    {
        var causes = Chain(e).ToList();
        if (causes.OfType<EgressException>().FirstOrDefault() is { } known)
        {
            return known;
        }

        var refused = causes.OfType<AuthenticationException>().Any();
        if (refused || causes.OfType<HttpRequestException>().Any(http => http.HttpRequestError == HttpRequestError.SecureConnectionError))
        {
            return new(EgressCodes.TlsFailed, transient: !refused, "No secure connection: the certificate or the protocol version was refused.", e);
        }

        return causes.OfType<HttpRequestException>().FirstOrDefault()?.HttpRequestError switch
        {
            HttpRequestError.InvalidResponse => new(EgressCodes.BadAnswer, transient: false, "What the server sent is not HTTP.", e),
            HttpRequestError.ConfigurationLimitExceeded => new(EgressCodes.BadAnswer, transient: false, "The answer's headers are larger than 32 KB.", e),
            HttpRequestError.ConnectionError => new(EgressCodes.ConnectFailed, transient: true, "No connection to the host.", e),
            _ => new(EgressCodes.Truncated, transient: true, "The connection broke before the answer was complete.", e),
        };
    }

    public static TimeSpan? Wait(RetryConditionHeaderValue? header, DateTimeOffset now) =>
        (header?.Delta ?? (header?.Date is { } date ? date - now : null)) is { } wait && wait > TimeSpan.Zero ? wait : null;

    private static bool IsSigned(Uri url) =>
        url.Query.Contains("Expires=", StringComparison.OrdinalIgnoreCase) || url.Query.Contains("Signature=", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<Exception> Chain(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            yield return e;
        }
    }
}
