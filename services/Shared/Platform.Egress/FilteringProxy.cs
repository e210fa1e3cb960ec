using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Platform.Egress;

/// <summary>
/// The only way out of one browser: an HTTP proxy on a loopback port of its own. Every connection, tunnels included, goes through
/// <see cref="GuardedConnector"/>; <c>http://ID.site.invalid/</c> is answered from an <see cref="ISiteSource"/>; all else is refused and recorded.
/// </summary>
/// <remarks>One request per connection: it keeps the code small, and pages on plain http are few.</remarks>
public sealed class FilteringProxy : IAsyncDisposable
{
    /// <summary>On an answer that the proxy made because it refused: a code of <see cref="EgressCodes"/>. Removed from servers' answers.</summary>
    public const string RefusalHeader = "X-Egress-Refused";

    private const int MaxConnections = 512;
    private const int MaxRecords = 10_000;

    private readonly TcpListener _listener;
    private readonly GuardedConnector _connector;
    private readonly ISiteSource? _sites;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _slots = new(MaxConnections);
    private readonly ConcurrentDictionary<Task, byte> _connections = new();
    private readonly ConcurrentQueue<ProxyRecord> _records = new();
    private readonly Task _accepting;

    private FilteringProxy(TcpListener listener, GuardedConnector connector, ISiteSource? sites, TimeProvider time)
    {
        (_listener, _sites, _time) = (listener, sites, time);
        Address = new Uri($"http://{listener.LocalEndpoint}");
        _connector = connector.Forbidding($"127.0.0.1:{Address.Port}"); // never through itself
        _accepting = AcceptAsync();
    }

    /// <summary>What <c>--proxy-server</c> is given.</summary>
    public Uri Address { get; }

    /// <summary>What was asked so far, oldest first; the first 10,000.</summary>
    public ImmutableArray<ProxyRecord> Records => [.. _records];

    /// <summary>Starts a proxy on a free loopback port.</summary>
    /// <param name="connector">Decides and connects. Forbid the browser's own debugging port with <see cref="GuardedConnector.Forbidding"/> where private addresses are allowed.</param>
    /// <param name="sites">Answers the reserved names; null when there is no site.</param>
    /// <param name="time">Dates the records; the system's clock when null.</param>
    public static Task<FilteringProxy> StartAsync(GuardedConnector connector, ISiteSource? sites = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(connector);
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return Task.FromResult(new FilteringProxy(listener, connector, sites, time ?? TimeProvider.System));
    }

    /// <summary>Closes every connection and waits for them to end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _stop.Dispose();
        _slots.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await _slots.WaitAsync(_stop.Token);
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var connection = HandleAsync(client);
                _connections.TryAdd(connection, 0);
                _ = connection.ContinueWith(
                    ended => _connections.TryRemove(ended, out var _),
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.NotOnFaulted, // a bug is told by DisposeAsync
                    TaskScheduler.Default);
            }
        }
        catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or InvalidOperationException or SocketException)
        {
            // Stopped: the only way out of the loop. A listener that was closed meanwhile says so in several ways.
        }
    }

    private async Task HandleAsync(TcpClient client)
    {
        using var _ = client;
        client.NoDelay = true;
        await Task.Yield();
        try
        {
            await using var stream = new PeekedStream(client.GetStream());
            using var idle = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            idle.CancelAfter(TimeSpan.FromSeconds(30)); // browsers open connections they may never use
            if (await ProxyHead.ReadAsync(stream, idle.Token) is { } head)
            {
                await AnswerAsync(stream, head);
            }
        }
        catch (InvalidDataException)
        {
            Record("?", "?", EgressCodes.BadAnswer, 400);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The browser, the server or the proxy itself hung up: both ends are closed, and there is nobody to tell.
        }
        finally
        {
            _slots.Release();
        }
    }

    private Task AnswerAsync(Stream client, ProxyHead head)
    {
        var parts = head.FirstLine.Split(' ');
        if (parts is [var method, var target, "HTTP/1.1" or "HTTP/1.0"])
        {
            if (method == "CONNECT" && Uri.TryCreate($"tunnel://{target}", UriKind.Absolute, out var authority) && authority is { Port: > 0, UserInfo: "", PathAndQuery: "" or "/" })
            {
                return TunnelAsync(client, authority);
            }

            if (method != "CONNECT" && Uri.TryCreate(target, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp)
            {
                return SiteAddress.SiteOf(url.IdnHost) is { } site
                    ? ServeAsync(client, head, method, url, site)
                    : ForwardAsync(client, head, method, url);
            }
        }

        return RefuseAsync(client, "?", "?", 400, EgressCodes.UrlNotAllowed);
    }

    private async Task TunnelAsync(Stream client, Uri authority)
    {
        var target = $"{authority.IdnHost}:{authority.Port.ToString(CultureInfo.InvariantCulture)}";
        if (await TryConnectAsync(client, "CONNECT", target, $"https://{authority.Authority}/", authority) is not { } server)
        {
            return;
        }

        await using (server)
        {
            Record("CONNECT", target, refusal: null, 200);
            await WriteAsync(client, "HTTP/1.1 200 Connection established\r\n\r\n");
            await Relay.BothAsync(client, server, _stop.Token);
        }
    }

    private async Task ForwardAsync(Stream client, ProxyHead head, string method, Uri url)
    {
        if (await TryConnectAsync(client, method, Shown(url), url.GetLeftPart(UriPartial.Path), url) is not { } connection)
        {
            return;
        }

        await using var server = new PeekedStream(connection);
        var upgrade = head["Upgrade"] is not null;
        await server.WriteAsync(head.Forwarded($"{method} {url.PathAndQuery} HTTP/1.1", url.Authority, upgrade), _stop.Token);
        await server.FlushAsync(_stop.Token);

        // Whatever the browser still sends is this request's body, or the upgraded protocol.
        using var done = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var body = Relay.OneAsync(client, server, done.Token);
        try
        {
            var status = await ForwardAnswerAsync(client, server, upgrade, done.Token);
            Record(method, Shown(url), refusal: null, status);
            await Task.WhenAny(Relay.OneAsync(server, client, done.Token), body); // the browser closes what it has read to its end
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            Record(method, Shown(url), EgressCodes.BadAnswer, status: null);
        }
        finally
        {
            await done.CancelAsync();
            await body;
        }
    }

    private static async Task<int> ForwardAnswerAsync(Stream client, PeekedStream server, bool upgrade, CancellationToken cancellationToken)
    {
        while (true)
        {
            var head = await ProxyHead.ReadAsync(server, cancellationToken) ?? throw new InvalidDataException("No answer.");
            var parts = head.FirstLine.Split(' ', 3);
            if (parts.Length < 2 || !parts[0].StartsWith("HTTP/1.", StringComparison.Ordinal)
                || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            {
                throw new InvalidDataException("The answer is not HTTP.");
            }

            await client.WriteAsync(head.Forwarded(head.FirstLine, host: null, upgrade && status == 101), cancellationToken);
            await client.FlushAsync(cancellationToken);
            if (status is 101 or >= 200)
            {
                return status;
            }
        }
    }

    private async Task ServeAsync(Stream client, ProxyHead head, string method, Uri url, string site)
    {
        var path = SiteAddress.PathOf(url.AbsolutePath);
        var file = _sites is not null && path is not null && method is "GET" or "HEAD" ? await _sites!.OpenAsync(site, path!, _stop.Token) : null;
        if (file is null)
        {
            Record(method, Shown(url), refusal: null, 404);
            await WriteAsync(client, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            return;
        }

        await using var content = file.Content;
        var range = ByteRange.Parse(head["Range"], content.Length);
        var status = range is null ? 200 : 206;
        var (from, length) = range ?? (0, content.Length);
        Record(method, Shown(url), refusal: null, status);
        await WriteAsync(client, $"HTTP/1.1 {status} OK\r\nContent-Type: {file.ContentType}\r\nContent-Length: {length}\r\nAccept-Ranges: bytes\r\n"
            + (range is null ? "" : $"Content-Range: bytes {from}-{from + length - 1}/{content.Length}\r\n")
            + "Cache-Control: no-store\r\nConnection: close\r\n\r\n");
        if (method == "GET")
        {
            content.Position = from;
            await Relay.CopyAsync(content, client, length, _stop.Token);
        }
    }

    /// <summary>The connection, or null when the browser has been told why not.</summary>
    private async Task<Stream?> TryConnectAsync(Stream client, string method, string target, string asUrl, Uri url)
    {
        try
        {
            return UrlPolicy.Check(asUrl, _connector.Options.AllowPrivate).IsEmpty
                ? await _connector.ConnectAsync(url.IdnHost, url.Port, _stop.Token)
                : throw new EgressException(EgressCodes.AddressBlocked, transient: false, "Not an address for users.");
        }
        catch (EgressException e)
        {
            await RefuseAsync(client, method, target, e.Transient ? 502 : 403, e.Code);
            return null;
        }
    }

    private async Task RefuseAsync(Stream client, string method, string target, int status, string code)
    {
        Record(method, target, code, status);
        await WriteAsync(client, $"HTTP/1.1 {status} Refused\r\n{RefusalHeader}: {code}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    private async Task WriteAsync(Stream client, string head)
    {
        await client.WriteAsync(Encoding.Latin1.GetBytes(head), _stop.Token);
        await client.FlushAsync(_stop.Token);
    }

    private static string Shown(Uri url) => url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private void Record(string method, string target, string? refusal, int? status)
    {
        if (_records.Count < MaxRecords)
        {
            var shown = new string([.. target.Where(c => !char.IsControl(c)).Take(1000)]);
            _records.Enqueue(new ProxyRecord { At = _time.GetUtcNow(), Method = method, Target = shown, Refusal = refusal, Status = status });
        }
    }
}
