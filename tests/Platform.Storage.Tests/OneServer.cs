using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Egress;

namespace Platform.Storage.Tests;

/// <summary>An Internet of one public server, <c>media.example</c>, and one that hides inside, <c>inside.example</c>.</summary>
internal sealed class OneServer : IResolver, IConnector, IAsyncDisposable
{
    private readonly WebApplication _server;

    public OneServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(context => Answer(context));
        _server.Start();
    }

    public RequestDelegate Answer { get; set; } = context =>
    {
        context.Response.StatusCode = 404;
        return Task.CompletedTask;
    };

    public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Parse(host == "media.example" ? "93.184.216.34" : "10.0.0.1")]);

    public async Task<Stream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(_server.Urls.Single()).Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
