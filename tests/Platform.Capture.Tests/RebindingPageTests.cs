using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Egress;

namespace Platform.Capture.Tests;

/// <summary>A page whose name leads elsewhere once it is loaded.</summary>
[Trait("Category", "Integration")]
public sealed class RebindingPageTests
{
    [Fact]
    public async Task A_name_that_changes_to_an_inner_address_leads_nowhere()
    {
        await using var site = await BadSite.StartAsync();
        var names = new Names(new Uri(site.Url("/")).Port);
        await using var host = await CaptureHost.StartAsync(
            new() { ["Egress:AllowPrivate"] = "false" }, services => services.AddSingleton<IResolver>(names).AddSingleton<IConnector>(names));

        var done = await host.CaptureAsync(new CaptureParameters { Url = "http://rebind.example/again", Duration = 3, Format = new FrameFormat(640, 360) });

        Assert.Contains(done.Outputs.Keys, name => name == "video");
        Assert.InRange(names.Asked, 2, int.MaxValue); // it did come back for more
        Assert.NotEmpty(names.Connected);
        Assert.All(names.Connected, address => Assert.Equal(Names.Public, address));
    }

    /// <summary>Gives a public address once and loopback from then on; what is public is in truth the test's own server.</summary>
    private sealed class Names(int port) : IResolver, IConnector
    {
        public static readonly IPAddress Public = IPAddress.Parse("93.184.215.14");

        private int asked;

        public int Asked => Volatile.Read(ref asked);

        public ConcurrentBag<IPAddress> Connected { get; } = [];

        public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<IPAddress>>([Interlocked.Increment(ref asked) == 1 ? Public : IPAddress.Loopback]);

        public async Task<Stream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
        {
            Connected.Add(endpoint.Address);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
    }
}
