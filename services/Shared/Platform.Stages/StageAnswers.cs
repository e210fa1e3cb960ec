using MassTransit;
using Microsoft.Extensions.Logging;
using Platform.Contracts;

namespace Platform.Stages;

/// <summary>
/// Sends answers to the saga. A send may hang for ever when the broker goes (it does not always obey its token), so each has a limit of its
/// own and is tried again until it is confirmed or the delivery it answers is gone.
/// </summary>
internal sealed partial class StageAnswers(IBus bus, TimeProvider time, ILogger<StageAnswers> logger)
{
    private static readonly Uri Saga = new($"exchange:{Queues.Jobs}");
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Sends until it is confirmed.</summary>
    public async Task SendAsync<T>(T answer, CancellationToken delivery) where T : class
    {
        for (var warned = false; ; warned = true)
        {
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(delivery);
                limit.CancelAfter(SendLimit);
                var endpoint = await bus.GetSendEndpoint(Saga).WaitAsync(limit.Token);
                await endpoint.Send(answer, limit.Token).WaitAsync(limit.Token);
                return;
            }
            catch (Exception e) when (!delivery.IsCancellationRequested)    // whatever it was: the answer must go out
            {
                if (!warned) LogUnsent(typeof(T).Name, e);
                await Task.Delay(Pause, time, delivery);
            }
        }
    }

    /// <summary>Publishes progress, which nobody misses if it is lost.</summary>
    public async Task TryTellAsync(StageProgressed progress)
    {
        using var limit = new CancellationTokenSource(SendLimit);
        try { await bus.Publish(progress, context => context.Durable = false, limit.Token).WaitAsync(limit.Token); }
        catch (Exception e) { LogUntold(e); }
    }

    [LoggerMessage(LogLevel.Warning, "Could not send {Message} yet, trying on")]
    private partial void LogUnsent(string message, Exception e);

    [LoggerMessage(LogLevel.Debug, "Could not tell progress")]
    private partial void LogUntold(Exception e);
}
