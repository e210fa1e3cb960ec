using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Platform.Egress.Tests;

/// <summary>Names and public addresses that lead to servers on loopback: the guard stays on, the world behind it is ours.</summary>
internal sealed class FakeInternet : IResolver, IConnector, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Func<IReadOnlyList<IPAddress>>> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<IPEndPoint, LoopbackServer> _servers = new();

    public ConcurrentQueue<string> Lookups { get; } = new();

    /// <summary>Everything that a connection was opened to.</summary>
    public ConcurrentQueue<IPEndPoint> Connections { get; } = new();

    public EgressOptions Options { get; set; } = new() { Limits = Limits() };

    /// <summary>Limits that a busy machine does not reach by itself; a test that waits for one makes that one short.</summary>
    public static EgressLimits Limits(double resolve = 20, double connect = 20, double firstByte = 20, double slowWindow = 20) => new()
    {
        Resolve = TimeSpan.FromSeconds(resolve),
        Connect = TimeSpan.FromSeconds(connect),
        FirstByte = TimeSpan.FromSeconds(firstByte),
        SlowWindow = TimeSpan.FromSeconds(slowWindow),
        MinBytesPerSecond = 1000,
        ParallelFrom = 1 << 20,
        Parallel = 4,
    };

    public GuardedConnector Connector() => new(Options, this, this);

    public EgressClient Client() => new(Connector(), TimeProvider.System);

    public void Name(string host, params string[] addresses) => _names[host] = () => [.. addresses.Select(IPAddress.Parse)];

    /// <summary>A name whose answer changes with every look-up; the last one stays.</summary>
    public void Rebinding(string host, params string[] addresses)
    {
        var turn = -1;
        _names[host] = () => [IPAddress.Parse(addresses[Math.Min(Interlocked.Increment(ref turn), addresses.Length - 1)])];
    }

    /// <summary>A server that answers at <paramref name="address"/>; without a certificate, whatever the port.</summary>
    public LoopbackServer Serve(string host, string address, int port, Func<Exchange, Task> answer)
    {
        Name(host, address);
        return At(address, port, new LoopbackServer(answer));
    }

    public LoopbackServer At(string address, int port, LoopbackServer server) => _servers[new IPEndPoint(IPAddress.Parse(address), port)] = server;

    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        Lookups.Enqueue(host);
        if (host.StartsWith("silent.", StringComparison.Ordinal))
        {
            await Task.Delay(Timeout.Infinite, CancellationToken.None); // as getaddrinfo does: deaf to its token
        }

        return _names.TryGetValue(host, out var addresses) ? addresses() : throw new SocketException((int)SocketError.HostNotFound);
    }

    public async Task<Stream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        Connections.Enqueue(endpoint);
        if (!_servers.TryGetValue(endpoint, out var server))
        {
            throw new SocketException((int)SocketError.ConnectionRefused);
        }

        if (server.IsSilent)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return await new SocketConnector().ConnectAsync(server.Endpoint, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            await server.DisposeAsync();
        }
    }
}

/// <summary>One request to a <see cref="LoopbackServer"/>.</summary>
internal sealed record Exchange(string Head, Stream Stream, int Number)
{
    public string Path => Head.Split(' ')[1];

    public string? Header(string name) => Head.Split("\r\n").Skip(1)
        .FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

    public async Task SendAsync(string head, byte[]? body = null)
    {
        await Stream.WriteAsync(Encoding.Latin1.GetBytes(head.ReplaceLineEndings("\r\n") + "\r\n\r\n"));
        if (body is not null)
        {
            await Stream.WriteAsync(body);
        }
    }

    /// <summary>Waits until the client hangs up.</summary>
    public async Task HoldAsync()
    {
        while (await Stream.ReadAsync(new byte[1024]) > 0)
        {
        }
    }

    public Task AnswerAsync(string status, string headers = "", string body = "") =>
        SendAsync($"HTTP/1.1 {status}\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\nConnection: close" + (headers.Length > 0 ? "\n" + headers : ""), Encoding.UTF8.GetBytes(body));
}

/// <summary>A TCP server that reads one request head per connection and lets the test write whatever it likes.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;
    private int _requests;

    public LoopbackServer(Func<Exchange, Task> answer, Func<Stream, Task<Stream>>? wrap = null)
    {
        _listener.Start();
        _accepting = AcceptAsync(answer, wrap ?? Task.FromResult);
    }

    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

    public int Requests => Volatile.Read(ref _requests);

    public bool IsSilent { get; init; }

    public CancellationToken Stopping => _stop.Token;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
    }

    private async Task AcceptAsync(Func<Exchange, Task> answer, Func<Stream, Task<Stream>> wrap)
    {
        try
        {
            while (true)
            {
                _connections.Add(HandleAsync(await _listener.AcceptTcpClientAsync(_stop.Token), answer, wrap));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
        }
    }

    private async Task HandleAsync(TcpClient client, Func<Exchange, Task> answer, Func<Stream, Task<Stream>> wrap)
    {
        using (client)
        await using (_stop.Token.Register(client.Dispose))
        {
            try
            {
                var stream = new PeekedStream(await wrap(client.GetStream()));
                var head = await stream.ReadThroughAsync("\r\n\r\n"u8.ToArray(), _stop.Token);
                if (!head.IsEmpty)
                {
                    await answer(new Exchange(Encoding.Latin1.GetString(head.Span), stream, Interlocked.Increment(ref _requests)));
                }
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException
                or InvalidDataException or System.Security.Authentication.AuthenticationException)
            {
                // The client hung up, as many of these tests want it to.
            }
        }
    }
}
