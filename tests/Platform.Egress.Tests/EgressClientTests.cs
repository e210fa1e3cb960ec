using System.Text;

namespace Platform.Egress.Tests;

public sealed class EgressClientTests : IAsyncDisposable
{
    private const string Address = "93.184.216.34";
    private readonly FakeInternet _internet = new();
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [Fact]
    public async Task Fetches_a_file_without_cookies_traces_or_compression()
    {
        string? head = null;
        _internet.Serve("media.example", Address, 80, exchange =>
        {
            head = exchange.Head;
            return exchange.AnswerAsync("200 OK", "Content-Type: video/mp4; x=y\nSet-Cookie: a=b\nContent-Encoding: gzip", "not gzip");
        });
        using var activity = new System.Diagnostics.Activity("test").Start();

        var download = await FetchAsync("http://media.example/a.mp4?b=c");

        Assert.Equal(new Download(8, "video/mp4"), download);
        Assert.Equal("not gzip", await File.ReadAllTextAsync(_path));
        Assert.StartsWith("GET /a.mp4?b=c HTTP/1.1", head, StringComparison.Ordinal);
        Assert.Contains("Accept-Encoding: identity", head, StringComparison.Ordinal);
        Assert.DoesNotContain("cookie", head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("traceparent", head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Connects_to_the_first_answer_of_a_name_that_rebinds()
    {
        await using var canary = new LoopbackServer(exchange => exchange.AnswerAsync("200 OK"));
        _internet.At("127.0.0.1", 80, canary);
        _internet.At(Address, 80, new LoopbackServer(exchange => exchange.AnswerAsync("200 OK", body: "public")));
        _internet.Rebinding("rebind.example", Address, "127.0.0.1");

        await FetchAsync("http://rebind.example/");
        var e = await Assert.ThrowsAsync<EgressException>(() => FetchAsync("http://rebind.example/"));

        Assert.Equal(EgressCodes.AddressBlocked, e.Code);
        Assert.Equal(0, canary.Requests);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Follows_redirects(int status)
    {
        _internet.Serve("a.example", Address, 80, exchange => exchange.Path == "/final"
            ? exchange.AnswerAsync("200 OK", body: "here")
            : exchange.AnswerAsync($"{status} Elsewhere", "Location: final"));

        Assert.Equal(4, (await FetchAsync("http://a.example/start")).Bytes);
    }

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://inside.example/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("//127.0.0.1/")]
    [InlineData("http://u:p@a.example/")]
    [InlineData("http://a.example:22/")]
    [InlineData("gopher://a.example/")]
    public async Task Checks_every_hop(string location)
    {
        _internet.Name("inside.example", "10.0.0.1");
        _internet.Serve("a.example", Address, 80, exchange => exchange.AnswerAsync("302 Found", $"Location: {location}"));

        var e = await Assert.ThrowsAsync<EgressException>(() => FetchAsync("http://a.example/"));

        Assert.Equal((EgressCodes.RedirectBlocked, false), (e.Code, e.Transient));
        Assert.Single(_internet.Connections);
    }

    [Theory]
    [InlineData(5, null)]
    [InlineData(6, EgressCodes.TooManyRedirects)]
    public async Task Follows_at_most_five_redirects(int hops, string? code)
    {
        _internet.Serve("a.example", Address, 80, exchange => exchange.Path == $"/{hops}"
            ? exchange.AnswerAsync("200 OK")
            : exchange.AnswerAsync("302 Found", $"Location: /{int.Parse(exchange.Path[1..], null) + 1}"));

        var e = await Record.ExceptionAsync(() => FetchAsync("http://a.example/0"));

        Assert.Equal(code, (e as EgressException)?.Code);
    }

    [Fact]
    public async Task Ignores_the_refresh_header()
    {
        _internet.Serve("a.example", Address, 80, exchange => exchange.AnswerAsync("200 OK", "Refresh: 0; url=http://127.0.0.1/", "x"));

        Assert.Equal(1, (await FetchAsync("http://a.example/")).Bytes);
    }

    [Theory]
    [InlineData(401, EgressCodes.Forbidden, false)]
    [InlineData(403, EgressCodes.Forbidden, false)]
    [InlineData(404, EgressCodes.NotFound, false)]
    [InlineData(410, EgressCodes.NotFound, false)]
    [InlineData(418, EgressCodes.HttpError, false)]
    [InlineData(304, EgressCodes.HttpError, false)]
    [InlineData(206, EgressCodes.HttpError, false)]
    [InlineData(408, EgressCodes.HttpError, true)]
    [InlineData(429, EgressCodes.HttpError, true)]
    [InlineData(500, EgressCodes.HttpError, true)]
    [InlineData(503, EgressCodes.HttpError, true)]
    public async Task Says_what_a_status_means(int status, string code, bool transient)
    {
        _internet.Serve("a.example", Address, 80, exchange => exchange.AnswerAsync($"{status} X", "Retry-After: 999999"));

        var e = await Assert.ThrowsAsync<EgressException>(() => FetchAsync("http://a.example/"));

        Assert.Equal((code, transient, status), (e.Code, e.Transient, e.Status));
        if (status is 429 or 503)
        {
            Assert.Equal(TimeSpan.FromSeconds(999999), e.RetryAfter);
        }
    }

    [Fact]
    public async Task Hints_at_an_expired_signature_without_telling_it()
    {
        _internet.Serve("s3.example", Address, 80, exchange => exchange.AnswerAsync("403 Forbidden"));

        var e = await Assert.ThrowsAsync<EgressException>(() => FetchAsync("http://s3.example/a?X-Amz-Expires=5&X-Amz-Signature=hunter2"));

        Assert.Contains("url-expired", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_secrets_of_the_url_out_of_every_message()
    {
        foreach (var url in new[] { "http://user:hunter2@a.example/", "http://nowhere.example/?k=hunter2", "http://10.0.0.1/?k=hunter2", "ftp://hunter2" })
        {
            var e = await Assert.ThrowsAsync<EgressException>(() => FetchAsync(url));

            Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Gives_up_on_a_server_that_says_nothing()
    {
        _internet.Options = new() { Limits = FakeInternet.Limits(firstByte: 2) };
        var server = _internet.Serve("a.example", Address, 80, exchange => exchange.HoldAsync());

        var e = await Assert.ThrowsAsync<EgressException>(() => FetchAsync("http://a.example/"));

        Assert.Equal((EgressCodes.Timeout, true), (e.Code, e.Transient));
        Assert.Equal(1, server.Requests);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task Refuses_more_than_32_kilobytes_of_headers(int headers)
    {
        var each = 1024 * 1024 / headers;
        _internet.Serve("a.example", Address, 80, exchange => exchange.AnswerAsync(
            "200 OK", string.Join("\n", Enumerable.Range(0, headers).Select(i => $"X-{i}: {new string('a', each)}"))));

        var e = await Assert.ThrowsAsync<EgressException>(() => FetchAsync("http://a.example/"));

        Assert.Equal((EgressCodes.BadAnswer, false), (e.Code, e.Transient));
    }

    [Fact]
    public async Task Refuses_what_is_not_http()
    {
        _internet.Serve("a.example", Address, 80, exchange => exchange.Stream.WriteAsync("SSH-2.0-OpenSSH_9.2\r\n\r\n"u8.ToArray()).AsTask());

        var e = await Assert.ThrowsAsync<EgressException>(() => FetchAsync("http://a.example/"));

        Assert.Equal(EgressCodes.BadAnswer, e.Code);
    }

    [Theory]
    [InlineData("200 OK", 200)]
    [InlineData("204 No Content", 204)]
    [InlineData("302 Found", 302)]
    [InlineData("410 Gone", 410)]
    [InlineData("503 Busy", 503)]
    public async Task Posts_once_and_follows_nothing(string status, int expected)
    {
        string? head = null;
        var body = new byte[5];
        _internet.Serve("hooks.example", Address, 80, async exchange =>
        {
            head = exchange.Head;
            await exchange.Stream.ReadExactlyAsync(body);
            await exchange.AnswerAsync(status, "Location: http://127.0.0.1/\nRetry-After: 7");
        });
        using var client = _internet.Client();

        var answer = await client.PostAsync(
            "http://hooks.example/x", "hello"u8.ToArray(), "application/json", [new("webhook-id", "msg_1")], TimeSpan.FromSeconds(5), default);

        Assert.Equal(new PostAnswer(expected, TimeSpan.FromSeconds(7)), answer);
        Assert.Equal("hello", Encoding.ASCII.GetString(body));
        Assert.Contains("webhook-id: msg_1", head, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json", head, StringComparison.Ordinal);
        Assert.Single(_internet.Connections);
    }

    [Fact]
    public async Task Posts_to_no_inner_address()
    {
        _internet.Name("inside.example", "127.0.0.1");
        using var client = _internet.Client();

        var e = await Assert.ThrowsAsync<EgressException>(() =>
            client.PostAsync("http://inside.example/", default, "application/json", [], TimeSpan.FromSeconds(5), default));

        Assert.Equal(EgressCodes.AddressBlocked, e.Code);
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(_path);
        await _internet.DisposeAsync();
    }

    private async Task<Download> FetchAsync(string url)
    {
        using var client = _internet.Client();
        return await client.DownloadAsync(url, _path, 1 << 20, null, default);
    }
}
