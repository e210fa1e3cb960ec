using System.Net;
using System.Net.Sockets;

namespace Platform.TestSupport;

/// <summary>A port of this machine that nothing may reach: counts who comes, by TCP or by UDP.</summary>
public sealed class Canary : IDisposable
{
    private readonly TcpListener listener = TcpListener.Create(0);
    private readonly UdpClient datagrams;
    private int contacts;

    public Canary()
    {
        listener.Start();
        datagrams = new UdpClient(new IPEndPoint(IPAddress.Loopback, Port));
        _ = CountAsync(async () => (await listener.AcceptTcpClientAsync()).Dispose());
        _ = CountAsync(async () => await datagrams.ReceiveAsync());
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public int Contacts => Volatile.Read(ref contacts);

    public void Dispose()
    {
        listener.Dispose();
        datagrams.Dispose();
    }

    private async Task CountAsync(Func<Task> come)
    {
        try
        {
            while (true)
            {
                await come();
                Interlocked.Increment(ref contacts);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
