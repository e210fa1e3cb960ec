using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Egress;
using Platform.Notification.Tests.Support;
using Platform.Notification.Webhooks;

namespace Platform.Notification.Tests;

/// <summary>The guard is on, the names are ours: nothing is connected to that a user's URL may not reach.</summary>
public sealed class BlockedTargetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("platform-webhooks-").FullName;
    private readonly FakeNames _names = new();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("192.168.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("fd00::1")]
    [InlineData("64:ff9b::a00:1")]
    public async Task Connects_to_no_inner_address(string address)
    {
        _names.Answers["hooks.example"] = address;
        await using var notifier = await StartAsync();
        var job = new Job("http://hooks.example/x");

        await notifier.PublishAsync(job.Next(JobEventTypes.Completed));

        var ended = await notifier.WaitAsync(job.Id, d => d is [{ State: DeliveryState.Failed }]);
        Assert.Equal("address_blocked", ended[0].LastCode);
        Assert.Equal(2, ended[0].Failures);
        Assert.Empty(_names.Connections);
    }

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://localhost/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://hooks.example:22/")]
    [InlineData("http://user:password@hooks.example/")]
    [InlineData("file:///etc/passwd")]
    public async Task Gives_up_at_once_on_what_is_no_public_url(string url)
    {
        _names.Answers["hooks.example"] = "93.184.216.34";
        await using var notifier = await StartAsync();
        var job = new Job(url);

        await notifier.PublishAsync(job.Next(JobEventTypes.Completed));

        var ended = await notifier.WaitAsync(job.Id, d => d is [{ State: DeliveryState.Failed }]);
        Assert.Equal(("url_not_allowed", 1), (ended[0].LastCode, ended[0].Failures));
        Assert.Empty(_names.Connections);
    }

    [Fact]
    public async Task Looks_at_the_address_at_every_delivery()
    {
        await using var sink = await Sink.StartAsync((context, _) =>
        {
            context.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        });
        _names.Answers["hooks.example"] = "93.184.216.34";
        _names.Servers[IPAddress.Parse("93.184.216.34")] = sink.Port;
        _names.Servers[IPAddress.Loopback] = sink.Port;
        await using var notifier = await StartAsync();
        var job = new Job("http://hooks.example/x");
        await notifier.PublishAsync(job.Next(JobEventTypes.Started));
        await notifier.WaitAsync(job.Id, d => d is [{ State: DeliveryState.Delivered }]);

        _names.Answers["hooks.example"] = "127.0.0.1";
        await notifier.PublishAsync(job.Next(JobEventTypes.Completed));

        var ended = await notifier.WaitAsync(job.Id, d => d is [_, { State: DeliveryState.Failed }]);
        Assert.Equal("address_blocked", ended[1].LastCode);
        Assert.Single(sink.All);
        Assert.Equal([IPAddress.Parse("93.184.216.34")], _names.Connections);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<Notifier> StartAsync() => Notifier.StartAsync(new NotifierSettings($"Data Source={Path.Combine(_folder, "platform.db")}", Path.Combine(_folder, "secrets"))
    {
        AllowPrivate = false,
        Schedule = ["00:00:00", "00:00:00.05"],
        Configure = services => services.AddSingleton<IResolver>(_names).AddSingleton<IConnector>(_names),
    });

    /// <summary>Names lead where a test wants; every connection is counted.</summary>
    private sealed class FakeNames : IResolver, IConnector
    {
        public ConcurrentDictionary<string, string> Answers { get; } = new();
        public ConcurrentDictionary<IPAddress, int> Servers { get; } = new();
        public ConcurrentQueue<IPAddress> Connections { get; } = new();

        public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<IPAddress>>(Answers.TryGetValue(host, out var address) ? [IPAddress.Parse(address)] : []);

        public async Task<Stream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
        {
            Connections.Enqueue(endpoint.Address);
            if (!Servers.TryGetValue(endpoint.Address, out var port)) throw new SocketException((int)SocketError.ConnectionRefused);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
    }
}
