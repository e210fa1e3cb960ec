using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace Platform.Egress.Tests;

public sealed class FilteringProxyTests : IAsyncDisposable
{
    private const string Address = "93.184.216.34";
    private readonly FakeInternet _internet = new();

    [Fact]
    public async Task Forwards_plain_requests_with_their_bodies()
    {
        string? head = null;
        _internet.Serve("a.example", Address, 80, async exchange =>
        {
            head = exchange.Head;
            var body = new byte[5];
            await exchange.Stream.ReadExactlyAsync(body);
            await exchange.AnswerAsync("201 Created", "X-Answer: yes\nX-Egress-Refused: spoofed", "got " + Encoding.ASCII.GetString(body));
        });
        await using var proxy = await FilteringProxy.StartAsync(_internet.Connector());
        using var http = Through(proxy);

        using var answer = await http.PostAsync("http://a.example/path?secret=1", new StringContent("hello"));

        Assert.Equal("got hello", await answer.Content.ReadAsStringAsync());
        Assert.Equal(["yes"], answer.Headers.GetValues("X-Answer"));
        Assert.False(answer.Headers.Contains(FilteringProxy.RefusalHeader));
        Assert.StartsWith("POST /path?secret=1 HTTP/1.1\r\nHost: a.example\r\n", head, StringComparison.Ordinal);
        var record = Assert.Single(proxy.Records);
        Assert.Equal(("POST", "http://a.example/path", null, 201), (record.Method, record.Target, record.Refusal, record.Status));
    }

    [Fact]
    public async Task Passes_a_tunnel_through_both_ways()
    {
        _internet.Serve("a.example", Address, 443, async exchange =>
        {
            await exchange.Stream.WriteAsync("pong"u8.ToArray());
            await exchange.HoldAsync();
        });
        await using var proxy = await FilteringProxy.StartAsync(_internet.Connector());

        // The first bytes for the server come in one packet with the request for the tunnel.
        var (stream, head) = await RawAsync(proxy, "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\nping\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", head, StringComparison.Ordinal);
        var pong = new byte[4];
        await stream.ReadExactlyAsync(pong);
        Assert.Equal("pong", Encoding.ASCII.GetString(pong));
        stream.Dispose();
    }

    [Theory]
    [InlineData("http://127.0.0.1/", 403, EgressCodes.AddressBlocked)]
    [InlineData("http://[::1]/", 403, EgressCodes.AddressBlocked)]
    [InlineData("http://localhost/", 403, EgressCodes.AddressBlocked)]
    [InlineData("http://169.254.169.254/latest", 403, EgressCodes.AddressBlocked)]
    [InlineData("http://inside.example/", 403, EgressCodes.AddressBlocked)]
    [InlineData("http://a.example:22/", 403, EgressCodes.AddressBlocked)]
    [InlineData("http://nowhere.example/", 502, EgressCodes.DnsFailed)]
    [InlineData("http://a.example:8080/", 502, EgressCodes.ConnectFailed)]
    public async Task Refuses_and_records_what_may_not_be_reached(string url, int status, string code)
    {
        await using var canary = new LoopbackServer(exchange => exchange.AnswerAsync("200 OK"));
        foreach (var inner in new[] { "127.0.0.1", "::1", "10.0.0.1", "169.254.169.254" })
        {
            _internet.At(inner, 80, canary);
        }

        _internet.Name("inside.example", "10.0.0.1");
        _internet.Name("localhost", "127.0.0.1");
        _internet.Name("a.example", Address);
        await using var proxy = await FilteringProxy.StartAsync(_internet.Connector());
        using var http = Through(proxy);

        using var plain = await http.GetAsync(url);
        var authority = new Uri(url).IsDefaultPort ? new Uri(url).Authority + ":80" : new Uri(url).Authority;
        var (tunnel, head) = await RawAsync(proxy, $"CONNECT {authority} HTTP/1.1\r\n\r\n");
        tunnel.Dispose();

        Assert.Equal(status, (int)plain.StatusCode);
        Assert.Equal([code], plain.Headers.GetValues(FilteringProxy.RefusalHeader));
        Assert.StartsWith($"HTTP/1.1 {status}", head, StringComparison.Ordinal);
        Assert.Equal(0, canary.Requests);
        Assert.All(proxy.Records, record => Assert.Equal(code, record.Refusal));
        Assert.Equal(["GET", "CONNECT"], proxy.Records.Select(record => record.Method));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET ftp://a.example/ HTTP/1.1\r\n\r\n")]
    [InlineData("GET https://a.example/ HTTP/1.1\r\n\r\n")]
    [InlineData("GET file:///etc/passwd HTTP/1.1\r\n\r\n")]
    [InlineData("CONNECT /etc/passwd HTTP/1.1\r\n\r\n")]
    [InlineData("CONNECT u:p@a.example:443 HTTP/1.1\r\n\r\n")]
    [InlineData("nonsense\r\n\r\n")]
    public async Task Answers_only_what_a_browser_asks_of_a_proxy(string request)
    {
        _internet.Name("a.example", Address);
        await using var proxy = await FilteringProxy.StartAsync(_internet.Connector());

        var (stream, head) = await RawAsync(proxy, request);
        stream.Dispose();

        Assert.StartsWith("HTTP/1.1 400", head, StringComparison.Ordinal);
        Assert.Empty(_internet.Connections);
    }

    [Fact]
    public async Task Reaches_private_pages_when_asked_but_neither_itself_nor_what_is_forbidden()
    {
        await using var page = new LoopbackServer(exchange => exchange.AnswerAsync("200 OK", body: "mine"));
        var options = new EgressOptions { AllowPrivate = true, ForbiddenEndpoints = { "localhost:5672" } };
        await using var proxy = await FilteringProxy.StartAsync(new GuardedConnector(options, new SystemResolver(), new SocketConnector()).Forbidding("127.0.0.1:9222"));
        using var http = Through(proxy);

        Assert.Equal("mine", await http.GetStringAsync($"http://127.0.0.1:{page.Endpoint.Port}/"));
        foreach (var port in new[] { 5672, 9222, proxy.Address.Port })
        {
            using var answer = await http.GetAsync($"http://127.0.0.1:{port}/");
            Assert.Equal([EgressCodes.AddressBlocked], answer.Headers.GetValues(FilteringProxy.RefusalHeader));
        }
    }

    [Fact]
    public async Task Passes_web_sockets_through()
    {
        await using var server = new LoopbackServer(async exchange =>
        {
#pragma warning disable CA5350 // RFC 6455 says SHA-1
            var accept = Convert.ToBase64String(System.Security.Cryptography.SHA1.HashData(
                Encoding.ASCII.GetBytes(exchange.Header("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
            await exchange.SendAsync($"HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Accept: {accept}");
            using var socket = WebSocket.CreateFromStream(exchange.Stream, new WebSocketCreationOptions { IsServer = true });
            var buffer = new byte[100];
            var message = await socket.ReceiveAsync(buffer, default);
            await socket.SendAsync(buffer.AsMemory(0, message.Count), WebSocketMessageType.Text, true, default);
            await exchange.HoldAsync();
        });
        _internet.At(Address, 80, server);
        _internet.Name("ws.example", Address);
        await using var proxy = await FilteringProxy.StartAsync(_internet.Connector());
        using var client = new ClientWebSocket { Options = { Proxy = new WebProxy(proxy.Address) } };

        await client.ConnectAsync(new Uri("ws://ws.example/"), default);
        await client.SendAsync("echo"u8.ToArray(), WebSocketMessageType.Text, true, default);
        var buffer = new byte[100];
        var echo = await client.ReceiveAsync(buffer, default);

        Assert.Equal("echo", Encoding.ASCII.GetString(buffer, 0, echo.Count));
        Assert.NotEmpty(proxy.Records);
    }

    [Fact]
    public async Task Serves_an_uploaded_site_that_nothing_listens_for()
    {
        await using var proxy = await FilteringProxy.StartAsync(_internet.Connector(), new OneSite());
        using var http = Through(proxy);

        using var index = await http.GetAsync(SiteAddress.For("abc"));
        Assert.Equal("abc:index.html", await index.Content.ReadAsStringAsync());
        Assert.Equal("text/plain; charset=utf-8", index.Content.Headers.ContentType?.ToString());
        Assert.Equal("abc:a b/index.html", await http.GetStringAsync("http://ABC.site.invalid/a%20b/?q=1"));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("http://abc.site.invalid/missing")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsync("http://abc.site.invalid/", null)).StatusCode);
        Assert.Empty(_internet.Lookups);
        Assert.Equal([200, 200, 404, 404], proxy.Records.Select(record => record.Status ?? 0));
    }

    [Theory]
    [InlineData("bytes=0-2", "abc", 206, "bytes 0-2/14")]
    [InlineData("bytes=10-", "html", 206, "bytes 10-13/14")]
    [InlineData("bytes=-4", "html", 206, "bytes 10-13/14")]
    [InlineData("bytes=10-99", "html", 206, "bytes 10-13/14")]
    [InlineData("bytes=5-2", "abc:index.html", 200, null)]
    [InlineData("bytes=0-1,3-4", "abc:index.html", 200, null)]
    [InlineData("bytes=99-", "abc:index.html", 200, null)]
    public async Task Serves_ranges_so_that_videos_seek(string range, string body, int status, string? contentRange)
    {
        await using var proxy = await FilteringProxy.StartAsync(_internet.Connector(), new OneSite());
        using var http = Through(proxy);
        using var request = new HttpRequestMessage(HttpMethod.Get, SiteAddress.For("abc"));
        request.Headers.TryAddWithoutValidation("Range", range);

        using var answer = await http.SendAsync(request);

        Assert.Equal((status, body), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.Equal(contentRange, answer.Content.Headers.ContentRange?.ToString());
    }

    [Theory]
    [InlineData("/", "index.html")]
    [InlineData("/a/", "a/index.html")]
    [InlineData("/a/b.css?x=/../y", "a/b.css")]
    [InlineData("/%61", "a")]
    [InlineData("/../a", null)]
    [InlineData("/a/%2e%2e/b", null)]
    [InlineData("/a%2f..%2fb", null)]
    [InlineData("/a//b", null)]
    [InlineData("/a%5cb", null)]
    [InlineData("/a%00b", null)]
    public void Keeps_paths_inside_the_site(string raw, string? path) => Assert.Equal(path, SiteAddress.PathOf(raw));

    [Fact]
    public async Task Closes_everything_when_it_is_disposed()
    {
        _internet.Serve("a.example", Address, 443, exchange => exchange.HoldAsync());
        var proxy = await FilteringProxy.StartAsync(_internet.Connector());
        var (stream, _) = await RawAsync(proxy, "CONNECT a.example:443 HTTP/1.1\r\n\r\nx\r\n\r\n");

        await proxy.DisposeAsync();

        Assert.Equal(0, await ReadOrZeroAsync(stream));
        await Assert.ThrowsAsync<SocketException>(() => new TcpClient().ConnectAsync(IPAddress.Loopback, proxy.Address.Port));
    }

    public ValueTask DisposeAsync() => _internet.DisposeAsync();

    private static HttpClient Through(FilteringProxy proxy) => new(new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address), AllowAutoRedirect = false });

    private static async Task<(PeekedStream Stream, string Head)> RawAsync(FilteringProxy proxy, string request)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, proxy.Address.Port);
        var stream = new PeekedStream(client.GetStream());
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        return (stream, Encoding.Latin1.GetString((await stream.ReadThroughAsync("\r\n\r\n"u8.ToArray(), default)).Span));
    }

    private static async Task<int> ReadOrZeroAsync(Stream stream)
    {
        try
        {
            return await stream.ReadAsync(new byte[1]);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private sealed class OneSite : ISiteSource
    {
        public ValueTask<SiteFile?> OpenAsync(string site, string path, CancellationToken cancellationToken) => ValueTask.FromResult(path == "missing"
            ? null
            : new SiteFile(new MemoryStream(Encoding.UTF8.GetBytes($"{site}:{path}")), "text/plain; charset=utf-8"));
    }
}
