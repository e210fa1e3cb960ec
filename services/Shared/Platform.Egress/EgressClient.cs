using System.Net;
using System.Security.Authentication;

namespace Platform.Egress;

/// <summary>An answer to <see cref="EgressClient.PostAsync"/>. The body is not kept: it is a stranger's.</summary>
/// <param name="Status">HTTP status, redirects included: they are not followed.</param>
/// <param name="RetryAfter">The server's wish, not clamped.</param>
public sealed record PostAnswer(int Status, TimeSpan? RetryAfter);

/// <summary>
/// The one HTTP client for users' URLs. Every connection goes through <see cref="GuardedConnector"/>; redirects are followed by hand and
/// checked like the first URL. It sends no cookies, no credentials, no trace headers, ignores proxies from the environment, and never unpacks.
/// </summary>
public sealed partial class EgressClient : IDisposable
{
    private const int MaxRedirects = 5;

    private readonly HttpMessageInvoker _http;
    private readonly EgressOptions _options;
    private readonly TimeProvider _time;

    public EgressClient(GuardedConnector connector, TimeProvider time)
        : this(connector, time, trust: null)
    {
    }

    // Only tests bring a check of certificates of their own.
    internal EgressClient(GuardedConnector connector, TimeProvider time, System.Net.Security.RemoteCertificateValidationCallback? trust)
    {
        (_options, _time) = (connector.Options, time);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
                await connector.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken),
            ConnectTimeout = _options.Limits.Resolve + _options.Limits.Connect + _options.Limits.Connect, // name, TCP, TLS
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            Credentials = null,
            PreAuthenticate = false,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = 32, // KB
            MaxResponseDrainSize = 64 * 1024,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1), // a name may move: look it up again
            SslOptions = { EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13, RemoteCertificateValidationCallback = trust },
        });
    }

    /// <summary>
    /// Sends <paramref name="body"/> once, with <paramref name="headers"/> as they are. Any status is an answer, redirects too. The URL is checked
    /// by <see cref="UrlPolicy"/> here, its address at connection; <paramref name="timeout"/> runs until the answer's headers have come.
    /// </summary>
    /// <exception cref="EgressException">No answer came.</exception>
    public async Task<PostAnswer> PostAsync(
        string url,
        ReadOnlyMemory<byte> body,
        string contentType,
        IEnumerable<KeyValuePair<string, string>> headers,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Checked(url)) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                throw new ArgumentException($"{name} is not a request header.", nameof(headers));
            }
        }

        using var response = await SendOnceAsync(request, timeout, cancellationToken);
        return new PostAnswer((int)response.StatusCode, HttpFailure.Wait(response.Headers.RetryAfter, _time.GetUtcNow()));
    }

    public void Dispose() => _http.Dispose();

    /// <summary>GET with redirects followed by hand. The answer's headers have come, its status is a success, its body has not been read.</summary>
    private async Task<(HttpResponseMessage Response, Uri Url)> GetAsync(Uri url, Action<HttpRequestMessage>? prepare, CancellationToken cancellationToken)
    {
        for (var hops = 0; ; hops++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
            request.Headers.TryAddWithoutValidation("Accept", "*/*");
            prepare?.Invoke(request);
            HttpResponseMessage response;
            try
            {
                response = await SendOnceAsync(request, _options.Limits.FirstByte, cancellationToken);
            }
            catch (EgressException e) when (hops > 0 && e.Code == EgressCodes.AddressBlocked)
            {
                throw Blocked(e);
            }

            if (response.IsSuccessStatusCode)
            {
                return (response, url);
            }

            using (response)
            {
                if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                    or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect) || response.Headers.Location is not { } location)
                {
                    throw HttpFailure.Classify(response.StatusCode, url, response.Headers.RetryAfter, _time.GetUtcNow());
                }

                url = hops < MaxRedirects
                    ? Next(url, location)
                    : throw new EgressException(EgressCodes.TooManyRedirects, transient: false, $"More than {MaxRedirects} redirects.");
            }
        }
    }

    private Uri Next(Uri from, Uri location)
    {
        if (!Uri.TryCreate(from, location, out var next) || (from.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps))
        {
            throw Blocked();
        }

        // What the server wrote and what it became must both pass: a relative //host inherits only the scheme.
        return UrlPolicy.Check(next.AbsoluteUri, _options.AllowPrivate).IsEmpty ? next : throw Blocked();
    }

    private static EgressException Blocked(Exception? inner = null) =>
        new(EgressCodes.RedirectBlocked, transient: false, "The server redirects to where a URL may not lead.", inner);

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation("User-Agent", "Platform-Fetch/1.0");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            return await _http.SendAsync(request, limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EgressException(EgressCodes.Timeout, transient: true, $"No answer within {timeout.TotalSeconds:0.#} s.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or EgressException)
        {
            throw HttpFailure.Classify(e);
        }
    }

    private Uri Checked(string url)
    {
        var problems = UrlPolicy.Check(url, _options.AllowPrivate);
        return problems.IsEmpty
            ? new Uri(url)
            : throw new EgressException(EgressCodes.UrlNotAllowed, transient: false, string.Join(" ", problems.Select(problem => problem.Detail)));
    }
}
