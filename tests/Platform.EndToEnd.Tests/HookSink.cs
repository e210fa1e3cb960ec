using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.EndToEnd.Tests;

/// <summary>A webhook as it arrived.</summary>
internal sealed record HookDelivery(IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>Receives webhooks.</summary>
internal sealed class HookSink : IAsyncDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly ConcurrentQueue<HookDelivery> _deliveries = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private WebApplication? _app;

    public string Url => _app!.Urls.First();

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            _deliveries.Enqueue(new HookDelivery(context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()), await reader.ReadToEndAsync()));
            context.Response.StatusCode = 204;
            _arrived.Release();
        });
        await _app.StartAsync();
    }

    public async Task<HookDelivery> WaitAsync(string type)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            if (_deliveries.FirstOrDefault(delivery => delivery.Body.Contains($"\"{type}\"", StringComparison.Ordinal)) is { } found) return found;
            await _arrived.WaitAsync(limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        _arrived.Dispose();
    }
}
