using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Platform.Egress;

/// <summary>Turns names into addresses.</summary>
public interface IResolver
{
    /// <summary>All addresses of <paramref name="host"/>.</summary>
    /// <exception cref="SocketException">The name has no address, or nobody answered.</exception>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);
}

/// <summary>Opens connections to addresses that have been checked.</summary>
public interface IConnector
{
    /// <summary>Connects to exactly <paramref name="endpoint"/>.</summary>
    /// <exception cref="SocketException">Refused or unreachable.</exception>
    Task<Stream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken);
}

/// <summary>The machine's own resolver.</summary>
internal sealed class SystemResolver : IResolver
{
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        await Dns.GetHostAddressesAsync(host, cancellationToken);
}

/// <summary>TCP.</summary>
internal sealed class SocketConnector : IConnector
{
    public async Task<Stream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);

            // Linux may connect a loopback socket to itself when nobody listens on an ephemeral port.
            return Equals(socket.LocalEndPoint, socket.RemoteEndPoint)
                ? throw new SocketException((int)SocketError.ConnectionRefused)
                : new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The addresses of this machine's interfaces.</summary>
internal static class OwnAddresses
{
    public static bool Contain(IPAddress address) => IPAddress.IsLoopback(address)
        || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
        || NetworkInterface.GetAllNetworkInterfaces().Any(nic =>
            nic.GetIPProperties().UnicastAddresses.Any(own => own.Address.Equals(address)));
}
