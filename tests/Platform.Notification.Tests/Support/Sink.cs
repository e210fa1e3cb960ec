using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.Notification.Tests.Support;

/// <summary>A request as it arrived.</summary>
internal sealed record Received(string Path, string Id, long Timestamp, string Signature, string ContentType, byte[] Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public bool IsSignedWith(string secret) => Signature == Webhooks.Signature.Of(secret, Id, Timestamp, Body);
}

/// <summary>Somebody's endpoint, on loopback: a real server that answers as a test wants.</summary>
internal sealed class Sink : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _received = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private int _now;
    private int _most;

    private Sink(WebApplication app) => _app = app;

    public IReadOnlyList<Received> All => [.. _received];

    /// <summary>Most requests that were open at one time.</summary>
    public int MostAtOnce => _most;

    public int Port => new Uri(_app.Urls.Single()).Port;

    public string Url(string path = "/hook") => _app.Urls.Single() + path;

    /// <param name="answer">Is given the request and its number at its path, from 1.</param>
    public static async Task<Sink> StartAsync(Func<HttpContext, int, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var sink = new Sink(app);
        app.Run(context => sink.HandleAsync(context, answer));
        await app.StartAsync();
        return sink;
    }

    public static Task<Sink> StartAsync(params int[] statuses) => StartAsync((context, number) =>
    {
        context.Response.StatusCode = statuses[Math.Min(number, statuses.Length) - 1];
        return Task.CompletedTask;
    });

    /// <summary>The first <paramref name="count"/> requests.</summary>
    public async Task<IReadOnlyList<Received>> WaitForAsync(int count)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (_received.Count < count)
        {
            try { await _arrived.WaitAsync(limit.Token); }
            catch (OperationCanceledException) { throw new TimeoutException($"{_received.Count} of {count} requests arrived."); }
        }
        return [.. _received.Take(count)];
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context, Func<HttpContext, int, Task> answer)
    {
        var open = Interlocked.Increment(ref _now);
        for (var most = _most; open > most; most = _most) Interlocked.CompareExchange(ref _most, open, most);
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var headers = context.Request.Headers;
            _received.Enqueue(new Received(
                context.Request.Path, headers["webhook-id"].ToString(), long.Parse(headers["webhook-timestamp"].ToString(), null), headers["webhook-signature"].ToString(),
                context.Request.ContentType ?? "", body.ToArray()));
            var number = _received.Count(request => request.Path == context.Request.Path);
            _arrived.Release();
            await answer(context, number);
        }
        finally
        {
            Interlocked.Decrement(ref _now);
        }
    }
}
