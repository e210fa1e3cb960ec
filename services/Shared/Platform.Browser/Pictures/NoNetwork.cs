using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Platform.Egress;

namespace Platform.Browser;

/// <summary>A way out that leads nowhere, for browsers that need none.</summary>
internal sealed class NoNetwork : IResolver, IConnector
{
    private NoNetwork()
    {
    }

    public static GuardedConnector Connector() => new(Options.Create(new EgressOptions()), new NoNetwork(), new NoNetwork());

    public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) => throw new SocketException((int)SocketError.HostNotFound);

    public Task<Stream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken) => throw new SocketException((int)SocketError.NetworkUnreachable);
}
