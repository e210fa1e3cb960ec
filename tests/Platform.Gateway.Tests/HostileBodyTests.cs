using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Platform.Gateway.Tests.Support;

namespace Platform.Gateway.Tests;

public sealed class HostileBodyTests(GatewayApp app)
{
    // What takes milliseconds, on a machine that is busy with other things; what it guards against takes minutes.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<string, string> Malformed => new()
    {
        { "empty", "" },
        { "white space", "  \n" },
        { "no JSON", "hello" },
        { "null", "null" },
        { "100,000 brackets", new string('[', 100_000) },
        { "65 levels", string.Concat(Enumerable.Repeat("[", 65)) + string.Concat(Enumerable.Repeat("]", 65)) },
        { "NaN", """{"stages":{"page":{"type":"capture","url":"https://example.com","duration":NaN}}}""" },
        { "a comment", """{"stages":{}} // so it is""" },
        { "a comma too many", """{"stages":{},}""" },
        { "two documents", "{}{}" },
        { "a member twice", """{"name":"a","name":"b","stages":{}}""" },
        { "a member twice, spelled differently", """{"name":"a","n\u0061me":"b","stages":{}}""" },
        { "a member twice, deep down", """{"stages":{"page":{"type":"capture","url":"https://example.com","fps":30,"fps":60}}}""" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Refuses_what_is_no_json(string what, string body)
    {
        var watch = Stopwatch.StartNew();
        foreach (var path in new[] { "/v1/jobs", "/v1/jobs?dryRun=true", "/v1/capture", "/v1/music" })
        {
            using var response = await app.Client.PostJsonAsync(path, body);
            await response.ShouldBeProblemAsync(400, "malformed_body");
        }
        Assert.True(watch.Elapsed < Patience, $"{what} took {watch.Elapsed}");
    }

    public static TheoryData<byte[]> NoUtf8 => new()
    {
        new byte[] { 0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00 },                                          // UTF-16
        Encoding.UTF8.GetBytes("{\"name\":\"").Concat(new byte[] { 0xC3, 0x28 }).Concat(Encoding.UTF8.GetBytes("\"}")).ToArray(),
        Encoding.UTF8.GetBytes("{\"name\":\"").Concat(new byte[] { 0xED, 0xA0, 0x80 }).Concat(Encoding.UTF8.GetBytes("\"}")).ToArray(),   // an encoded surrogate
    };

    [Theory]
    [MemberData(nameof(NoUtf8))]
    public async Task Refuses_what_is_no_utf8(byte[] body)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var response = await app.Client.PostAsync("/v1/jobs", content);
        await response.ShouldBeProblemAsync(400, "malformed_body");
    }

    public static TheoryData<string, string, string> Mistaken => new()
    {
        { "[]", "", "wrong_type" },
        { "1", "", "wrong_type" },
        { "\"job\"", "", "wrong_type" },
        { "{}", "/stages", "missing_field" },
        { """{"stages":{}}""", "/stages", "limit_exceeded" },
        { Page("""  "Duration":5 """), "/stages/page/Duration", "unknown_field" },
        { Page("""  "$type":"x" """), "/stages/page/$type", "unknown_field" },
        { Page("""  "__proto__":{} """), "/stages/page/__proto__", "unknown_field" },
        { Page("""  "duration":1e999 """), "/stages/page/duration", "out_of_range" },
        { Page("""  "duration":-0 """), "/stages/page/duration", "out_of_range" },
        { Page("""  "duration":9223372036854775808 """), "/stages/page/duration", "out_of_range" },
        { Page("""  "duration":1e9 """), "/stages/page/duration", "out_of_range" },
        { Page("""  "duration":"5" """), "/stages/page/duration", "wrong_type" },
        { Page("""  "duration":null """), "/stages/page/duration", "wrong_type" },
        { Page("""  "fps":0 """), "/stages/page/fps", "not_allowed" },
        { Page("""  "fps":1000 """), "/stages/page/fps", "not_allowed" },
        { Page("""  "fps":29.97 """), "/stages/page/fps", "wrong_type" },
        { Page("""  "format":{"width":0,"height":1080} """), "/stages/page/format/width", "out_of_range" },
        { Page("""  "format":{"width":-1,"height":1080} """), "/stages/page/format/width", "out_of_range" },
        { Page("""  "format":{"width":65536,"height":1080} """), "/stages/page/format/width", "out_of_range" },
        { Page("""  "format":{"width":1919,"height":1080} """), "/stages/page/format/width", "out_of_range" },
        { Page("""  "format":"4:3" """), "/stages/page/format", "not_allowed" },
        { Page("""  "hide":["\ud800"] """), "/stages/page/hide/0", "invalid_text" },
        { Page("""  "hide":["a\u0000b"] """), "/stages/page/hide/0", "invalid_text" },
        { Job(""" "name":"\ud800" """), "/name", "invalid_text" },
        { Job(""" "name":"a\u0000b" """), "/name", "invalid_text" },
        { Job(""" "metadata":{"k":"\u0000"} """), "/metadata/k", "invalid_text" },
        { Job(""" "metadata":{"\ud800":"x"} """), "", "" },
        { Job(""" "metadata":{"k\u0000":"x"} """), "/metadata", "invalid_text" },
        { Job($$""" "metadata":{"k":"{{new string('x', 65_536)}}"} """), "/metadata/k", "limit_exceeded" },
        { Job($$""" "metadata":{"{{new string('k', 10_000)}}":"x"} """), $"/metadata/{new string('k', 10_000)}", "invalid_name" },
        { Job($$""" "metadata":{{{string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"k{i}\":\"x\""))}}} """), "/metadata", "limit_exceeded" },
        { Job(""" "metadata":{"k":1} """), "/metadata/k", "wrong_type" },
        { Job(""" "deadline":0 """), "/deadline", "out_of_range" },
        { Job(""" "deadline":-5 """), "/deadline", "out_of_range" },
        { Job(""" "deadline":315360000 """), "/deadline", "out_of_range" },
        { Job(""" "priority":99 """), "/priority", "out_of_range" },
        { Job(""" "output":"nobody" """), "/output", "unknown_reference" },
        { Job(""" "webhook":{"url":"ftp://example.com/x"} """), "/webhook/url", "url_scheme_not_allowed" },
        { Job(""" "webhook":{"url":"https://example.com/x","secret":"whsec_c2hvcnQ="} """), "/webhook/secret", "invalid_format" },
        { """{"stages":{"Page":{"type":"capture","url":"https://example.com"}}}""", "/stages/Page", "invalid_name" },
        { """{"stages":{"page":{"type":"nothing"}}}""", "/stages/page/type", "unknown_stage_type" },
        { """{"stages":{"page":{"type":"fetch","url":"https://example.com"}}}""", "/stages/page/type", "unknown_stage_type" },
        { """{"stages":{"a":{"type":"music","video":"@a","music":"https://example.com/m.mp3"}}}""", "/stages/a/video", "cycle" },
        { Music("@nobody"), "/stages/m/video", "unknown_reference" },
        { Music("library:nobody"), "/stages/m/video", "unknown_library" },
        { Music("upload:00000000-0000-7000-8000-000000000000"), "/stages/m/video", "unknown_upload" },
        { Music("artifact:" + new string('0', 64)), "/stages/m/video", "unknown_artifact" },
        { Music("upload:../../etc"), "/stages/m/video", "invalid_media" },
        { Music("film.mp4"), "/stages/m/video", "invalid_media" },
        { Music(""), "/stages/m/video", "invalid_media" },
        { Music("file:///etc/passwd"), "/stages/m/video", "url_scheme_not_allowed" },
        { Music("//127.0.0.1/x"), "/stages/m/video", "url_scheme_not_allowed" },
        { Url("site:00000000-0000-7000-8000-000000000000"), "/stages/page/url", "unknown_site" },
        { Url("example"), "/stages/page/url", "invalid_format" },
        { Url("file:///etc/passwd"), "/stages/page/url", "url_scheme_not_allowed" },
        { Url("javascript:alert(1)"), "/stages/page/url", "url_scheme_not_allowed" },
        { Url("http://127.1/"), "/stages/page/url", "url_not_allowed" },
        { Url("http://[::1]/"), "/stages/page/url", "url_not_allowed" },
        { Url("http://169.254.169.254/latest/meta-data"), "/stages/page/url", "url_not_allowed" },
        { Url("http://user:secret@example.com/"), "/stages/page/url", "url_userinfo_not_allowed" },
        { Url("http://example.com:22/"), "/stages/page/url", "url_port_not_allowed" },
        { Url("http://example.com/" + new string('a', 8200)), "/stages/page/url", "limit_exceeded" },
        { Url("http://example.com/a\\nb"), "/stages/page/url", "url_invalid" },
    };

    [Theory]
    [MemberData(nameof(Mistaken))]
    public async Task Reports_a_mistake_at_its_place(string body, string pointer, string code)
    {
        using var response = await app.Client.PostJsonAsync("/v1/jobs", body);

        if (code.Length == 0)       // a name that is no Unicode at all
        {
            Assert.InRange((int)response.StatusCode, 400, 422);
            return;
        }
        var problem = await response.ShouldBeProblemAsync(422, "validation_failed");
        Assert.Contains(problem.GetProperty("errors").EnumerateArray(), error => error.Text("pointer") == pointer && error.Text("code") == code);
        Assert.DoesNotContain("secret@", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Mistaken))]
    public async Task Has_no_500_for_the_same_as_a_single_stage(string body, string pointer, string code)
    {
        foreach (var path in new[] { "/v1/capture", "/v1/music" })
        {
            using var response = await app.Client.PostJsonAsync(path, body.Replace("{\"stages\":{\"page\":", "", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal));
            Assert.True((int)response.StatusCode is >= 400 and < 500, $"{pointer} {code}: {response.StatusCode}");
        }
    }

    [Theory]
    [InlineData("""{"url":"https://example.com","type":"music"}""", "/type")]
    [InlineData("""{"url":"https://example.com","stages":{}}""", "/stages")]
    [InlineData("""{"url":"https://example.com","output":"x"}""", "/output")]
    [InlineData("""{"url":"https://example.com","hide":["\ud800"]}""", "/hide/0")]
    [InlineData("""{"url":"https://example.com","metadata":{"a":"\u0000"}}""", "/metadata/a")]
    [InlineData("""[]""", "")]
    [InlineData("""{}""", "/url")]
    public async Task Reports_a_mistake_of_a_single_stage_at_its_place(string body, string pointer)
    {
        using var response = await app.Client.PostJsonAsync("/v1/capture", body);

        var problem = await response.ShouldBeProblemAsync(422, "validation_failed");
        Assert.Equal(pointer, Assert.Single(problem.GetProperty("errors").EnumerateArray()).Text("pointer"));
    }

    [Theory]
    [InlineData("""{"name":"\u202Eevil\u200B","stages":{"page":{"type":"capture","url":"https://example.com"}}}""")]
    [InlineData("""{"name":"💩 日本語 ä","stages":{"page":{"type":"capture","url":"https://example.com"}},"metadata":{"日本":"語"}}""")]
    public async Task Takes_any_text_that_is_text(string body)
    {
        using var response = await app.Client.PostJsonAsync("/v1/jobs", body);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var id = (await response.ReadJsonAsync()).GetProperty("id").GetGuid();
        Assert.Equal(JsonDocument.Parse(body).RootElement.Text("name"), (await (await app.Client.GetAsync($"/v1/jobs/{id}")).ReadJsonAsync()).Text("name"));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public async Task Refuses_other_types_of_body(string? type)
    {
        using var content = HttpSteps.Json(Samples.Capture);
        content.Headers.Remove("Content-Type");
        if (type is not null) content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await app.Client.PostAsync("/v1/jobs", content);
        await response.ShouldBeProblemAsync(415, "unsupported_media_type");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("identity, gzip")]
    public async Task Refuses_compressed_bodies(string encoding)
    {
        foreach (var path in new[] { "/v1/jobs", "/v1/uploads" })
        {
            using var content = HttpSteps.Json(Samples.Capture);
            content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
            using var response = await app.Client.PostAsync(path, content);
            await response.ShouldBeProblemAsync(415, "unsupported_media_type");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refuses_a_body_that_is_a_byte_too_long(bool chunked)
    {
        foreach (var (length, status) in new[] { (1 << 20, HttpStatusCode.UnprocessableEntity), ((1 << 20) + 1, HttpStatusCode.RequestEntityTooLarge) })
        {
            var json = """{"name":"x"}""";
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = HttpSteps.Json(json + new string(' ', length - json.Length)) };
            request.Headers.TransferEncodingChunked = chunked;
            using var response = await app.Client.SendAsync(request);
            Assert.Equal(status, response.StatusCode);
            if (status == HttpStatusCode.RequestEntityTooLarge) await response.ShouldBeProblemAsync(413, "body_too_large");
        }
    }

    [Fact]
    public async Task Does_not_read_a_body_that_says_it_is_too_long()
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes(Head("POST /v1/jobs", "Content-Type: application/json\r\nContent-Length: 1000000000\r\n") + "{"));

        var answer = await ReadAsync(socket);       // comes, and the connection ends, though the body never does

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("body_too_large", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gives_up_on_a_body_that_drips()
    {
        using var socket = await ConnectAsync();
        var watch = Stopwatch.StartNew();
        await socket.SendAsync(Encoding.ASCII.GetBytes(Head("POST /v1/jobs", "Content-Type: application/json\r\nContent-Length: 1000\r\n") + "{"));

        var answer = await ReadAsync(socket);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed}");
        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), answer);
    }

    [Theory]
    [InlineData("Content-Length: 2\r\nContent-Length: 3\r\n")]
    [InlineData("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("Content-Length: -1\r\n")]
    [InlineData("Content-Length: 2x\r\n")]
    [InlineData("X: a\0b\r\nContent-Length: 2\r\n")]
    public async Task Refuses_broken_framing_and_closes(string headers)
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes(Head("POST /v1/jobs", "Content-Type: application/json\r\n" + headers) + "{}"));

        var answer = await ReadAsync(socket);

        Assert.Matches("^HTTP/1.1 4(00|22)", answer);
        if (headers.Contains("chunked", StringComparison.Ordinal)) Assert.DoesNotContain("202", answer[..12], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reads_a_million_bytes_of_members_in_no_time()
    {
        var body = "{" + string.Join(',', Enumerable.Range(0, 80_000).Select(i => $"\"k{i}\":1")) + "}";
        var watch = Stopwatch.StartNew();
        using var response = await app.Client.PostJsonAsync("/v1/jobs", body);
        await response.ShouldBeProblemAsync(422, "validation_failed");
        Assert.True(watch.Elapsed < Patience, $"{watch.Elapsed}");
    }

    [Fact]
    public async Task Takes_a_number_with_a_million_digits_for_what_it_is()
    {
        using var response = await app.Client.PostJsonAsync("/v1/jobs", Page($"\"duration\":{new string('9', 1_000_000)}"));
        var problem = await response.ShouldBeProblemAsync(422, "validation_failed");
        Assert.Equal("/stages/page/duration", Assert.Single(problem.GetProperty("errors").EnumerateArray()).Text("pointer"));
    }

    private static string Page(string more) => """{"stages":{"page":{"type":"capture","url":"https://example.com",""" + more + "}}}";
    private static string Url(string url) => """{"stages":{"page":{"type":"capture","url":""" + "\"" + url + "\"}}}";
    private static string Music(string video) => """{"stages":{"m":{"type":"music","music":"https://example.com/m.mp3","video":""" + "\"" + video + "\"}}}";
    private static string Job(string more) => """{"stages":{"page":{"type":"capture","url":"https://example.com"}},""" + more + "}";

    private string Head(string line, string headers) => $"{line} HTTP/1.1\r\nHost: x\r\nX-Api-Key: {app.Key}\r\n{headers}\r\n";

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(app.Address.Host, app.Address.Port);
        return socket;
    }

    /// <summary>Reads until the server closes.</summary>
    private static async Task<string> ReadAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, limit.Token) is > 0 and var count) text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
        catch (SocketException)
        {
            // closed with a reset: what was not read is thrown away
        }
        return text.ToString();
    }
}
