using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Platform.Egress.Tests;

public sealed class DownloadTests : IAsyncDisposable
{
    private const string Address = "93.184.216.34";
    private readonly FakeInternet _internet = new();
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [Fact]
    public async Task Refuses_a_declared_length_before_the_body_is_sent()
    {
        _internet.Serve("a.example", Address, 80, async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\nContent-Length: 1001");
            await exchange.HoldAsync();
        });

        await FailsAsync(EgressCodes.TooLarge, transient: false, maxBytes: 1000);
    }

    [Fact]
    public async Task Stops_at_the_limit_when_chunks_never_end()
    {
        _internet.Serve("a.example", Address, 80, async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\nTransfer-Encoding: chunked");
            while (true)
            {
                await exchange.Stream.WriteAsync("3e8\r\n"u8.ToArray().Concat(new byte[1000]).Concat("\r\n"u8.ToArray()).ToArray());
            }
        });

        await FailsAsync(EgressCodes.TooLarge, transient: false, maxBytes: 1_000_000);
    }

    [Fact]
    public async Task Reads_no_more_than_was_declared()
    {
        _internet.Serve("a.example", Address, 80, exchange => exchange.SendAsync("HTTP/1.1 200 OK\nContent-Length: 10", new byte[1 << 20]));

        Assert.Equal(10, (await FetchAsync()).Bytes);
    }

    [Theory]
    [InlineData("Content-Length: 1000000000")]
    [InlineData("Content-Length: 1000000000\nETag: \"a\"\nAccept-Ranges: bytes")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task Reports_what_stays_short_after_resuming(string headers)
    {
        _internet.Serve("a.example", Address, 80, exchange => exchange.SendAsync($"HTTP/1.1 200 OK\n{headers}", "5\r\nhello\r\n"u8.ToArray()));

        await FailsAsync(EgressCodes.Truncated, transient: true, maxBytes: long.MaxValue);
    }

    [Fact]
    public async Task Goes_on_where_the_connection_broke()
    {
        var content = RandomNumberGenerator.GetBytes(500_000);
        var server = _internet.Serve("a.example", Address, 80, exchange => SendRangeAsync(exchange, content, breakAfter: 100_000));

        var download = await FetchAsync();

        Assert.Equal(content.Length, download.Bytes);
        Assert.Equal(content, await File.ReadAllBytesAsync(_path));
        Assert.Equal(5, server.Requests);
    }

    [Fact]
    public async Task Never_joins_two_different_files()
    {
        var content = RandomNumberGenerator.GetBytes(500_000);
        _internet.Serve("a.example", Address, 80, exchange => SendRangeAsync(exchange, content, breakAfter: 100_000, tag: $"\"{exchange.Number}\""));

        await FailsAsync(EgressCodes.Truncated, transient: true);
    }

    [Fact]
    public async Task Fetches_a_long_file_by_four_ranges_at_once()
    {
        var content = RandomNumberGenerator.GetBytes(4_000_003);
        var last = 0.0;
        var allAsked = new TaskCompletionSource();
        var server = _internet.Serve("a.example", Address, 80, async exchange =>
        {
            if (exchange.Number == 4)
            {
                allAsked.SetResult();
            }

            if (exchange.Number is 2 or 3)
            {
                await allAsked.Task;
            }

            await SendRangeAsync(exchange, content, breakAfter: exchange.Number == 3 ? 300_000 : int.MaxValue);
        });

        var download = await FetchAsync(new SyncProgress(value => last = Math.Max(last, value)), maxBytes: 5_000_000);

        Assert.Equal(content.Length, download.Bytes);
        Assert.Equal(content, await File.ReadAllBytesAsync(_path));
        Assert.Equal(1.0, last);
        Assert.Equal(5, server.Requests); // four, and one that goes on for the third
    }

    [Fact]
    public async Task Gives_up_when_less_than_the_least_comes_in_a_window()
    {
        _internet.Options = new() { Limits = FakeInternet.Limits(slowWindow: 1) };
        _internet.Serve("a.example", Address, 80, async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\nContent-Length: 1000000");
            while (true)
            {
                await exchange.Stream.WriteAsync(new byte[1]);
                await Task.Delay(50);
            }
        });
        var clock = Stopwatch.StartNew();

        await FailsAsync(EgressCodes.TooSlow, transient: true);

        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Stops_when_cancelled_and_leaves_no_file()
    {
        using var cancel = new CancellationTokenSource();
        _internet.Serve("a.example", Address, 80, async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\nContent-Length: 1000000", new byte[1000]);
            await cancel.CancelAsync();
            await exchange.HoldAsync();
        });
        using var client = _internet.Client();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.DownloadAsync("http://a.example/", _path, 1 << 20, null, cancel.Token));

        Assert.False(File.Exists(_path));
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(_path);
        await _internet.DisposeAsync();
    }

    private static Task SendRangeAsync(Exchange exchange, byte[] content, int breakAfter, string tag = "\"v1\"")
    {
        var range = exchange.Header("Range");
        var (from, to) = (0, content.Length - 1);
        if (range is not null && exchange.Header("If-Range") == tag)
        {
            var parts = range["bytes=".Length..].Split('-');
            from = int.Parse(parts[0], CultureInfo.InvariantCulture);
            to = parts[1].Length > 0 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : to;
        }

        var length = to - from + 1;
        var head = length == content.Length ? "HTTP/1.1 200 OK" : $"HTTP/1.1 206 Partial\nContent-Range: bytes {from}-{to}/{content.Length}";
        return exchange.SendAsync($"{head}\nContent-Length: {length}\nETag: {tag}\nAccept-Ranges: bytes", content.AsSpan(from, Math.Min(length, breakAfter)).ToArray());
    }

    private async Task<Download> FetchAsync(IProgress<double>? progress = null, long maxBytes = 1 << 20)
    {
        using var client = _internet.Client();
        return await client.DownloadAsync("http://a.example/", _path, maxBytes, progress, default);
    }

    private async Task FailsAsync(string code, bool transient, long maxBytes = 1 << 20)
    {
        var e = await Assert.ThrowsAsync<EgressException>(() => FetchAsync(maxBytes: maxBytes));

        Assert.Equal((code, transient), (e.Code, e.Transient));
        Assert.False(File.Exists(_path));
    }

    private sealed class SyncProgress(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
