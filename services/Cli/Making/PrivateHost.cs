using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Platform.AllInOne;
using Platform.Cli.Api;
using Platform.Gateway.Access;

namespace Platform.Cli.Making;

/// <summary>
/// The whole platform for one command: its API on a socket that only this user reaches, its database gone with it. Only the artifact store is shared with
/// other runs, so what one made the next one finds.
/// </summary>
internal sealed class PrivateHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _folder;
    private readonly HttpClient _http;

    private PrivateHost(WebApplication app, string folder, HttpClient http) => (_app, _folder, _http, Api) = (app, folder, http, new ApiClient(http));

    public ApiClient Api { get; }

    public static async Task<PrivateHost> StartAsync(string home, bool allowPrivate, LogLevel logLevel, CancellationToken cancellation)
    {
        var folder = Path.Combine(home, "make", Guid.CreateVersion7().ToString("N"));
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var socket = Path.Combine(Path.GetTempPath(), $"platform-{Guid.NewGuid():N}.sock");      // a socket's path has 107 bytes at most
        var key = ApiKey.Create();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(logLevel);
        builder.Logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Platform"] = $"Data Source={Path.Combine(folder, "job.db")}",
            ["Egress:AllowPrivate"] = allowPrivate ? "true" : "false",
            ["Access:Keys:0:Sha256"] = ApiKey.Hash(key),
            ["Expiry:Interval"] = "1.00:00:00",       // this run knows its own references only, so it expires nothing
        });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socket));
        builder.AddPlatform(home);

        var app = builder.Build();
        await app.MapPlatformAsync(cancellation);
        await app.StartAsync(cancellation);
        File.SetUnixFileMode(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new PrivateHost(app, folder, Client(socket, key));
    }

    private static HttpClient Client(string socket, string key)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellation) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
                return new NetworkStream(connection, ownsSocket: true);
            },
        };
        var http = new HttpClient(handler) { BaseAddress = new Uri("http://platform/"), Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Add("X-Api-Key", key);
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
