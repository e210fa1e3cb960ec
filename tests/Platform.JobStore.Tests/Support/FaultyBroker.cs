using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Platform.JobStore.Tests.Support;

/// <summary>A way to the broker that can be cut (connections reset, new ones refused) or made to swallow what is sent.</summary>
public sealed class FaultyBroker : IAsyncDisposable
{
    private readonly Uri _broker;
    private readonly ConcurrentDictionary<Socket, byte> _sockets = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly List<Task> _tasks = [];
    private Socket _listener;
    private volatile bool _swallows;

    public FaultyBroker(Uri broker)
    {
        _broker = broker;
        _listener = Listen(0);
        Address = new UriBuilder(broker) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndPoint!).Port }.Uri;
    }

    public Uri Address { get; }

    public void Cut()
    {
        _listener.Dispose();
        CloseAll();
    }

    public void Mend()
    {
        CloseAll();
        _swallows = false;
        if (!_listener.SafeHandle.IsClosed) return;
        _listener = Listen(Address.Port);
    }

    /// <summary>Everything looks well, but nothing gets through any more: what a broker with an alarm is like.</summary>
    public void Swallow() => _swallows = true;

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        Cut();
        await Task.WhenAll(_tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
    }

    private Socket Listen(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        _tasks.Add(AcceptAsync(listener));
        return listener;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync(_ended.Token);
                var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                _sockets[client] = _sockets[server] = 0;
                await server.ConnectAsync(IPAddress.Parse(_broker.Host), _broker.Port, _ended.Token);
                _ = PumpAsync(client, server);
                _ = PumpAsync(server, client);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // cut
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is var count and > 0)
            {
                if (!_swallows) await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // cut
        }

        from.Dispose();
        to.Dispose();
    }

    private void CloseAll()
    {
        foreach (var socket in _sockets.Keys)
        {
            socket.Dispose();
            _sockets.TryRemove(socket, out _);
        }
    }
}
