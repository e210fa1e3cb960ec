using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace Platform.Notification.Webhooks;

/// <summary>Delivers what is due, many at once, until the process stops; then those under way are still waited for.</summary>
internal sealed partial class DeliveryService(
    DeliveryTable table, WebhookSender sender, DeliverySignal signal, IOptions<WebhookOptions> options, TimeProvider time, ILogger<DeliveryService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var underWay = new List<Task>();
        try
        {
            while (true)
            {
                underWay.RemoveAll(task => task.IsCompleted);
                var taken = await TakeAsync(options.Value.MaxConcurrent - underWay.Count, stoppingToken);
                underWay.AddRange(taken.Select(delivery => DeliverAsync(delivery)));
                if (taken.Count == 0) await signal.WaitAsync(options.Value.Interval, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(underWay);       // each has a time limit
        }
    }

    private async Task<IReadOnlyList<TakenDelivery>> TakeAsync(int room, CancellationToken stoppingToken)
    {
        if (room <= 0) return [];
        try
        {
            return await table.TakeAsync(room, stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            LogNotTaken(e);       // the database is away: the next look will show
            return [];
        }
    }

    private async Task DeliverAsync(TakenDelivery delivery)
    {
        using var activity = WebhookTelemetry.Start(delivery);
        try
        {
            var (at, start) = (time.GetUtcNow(), time.GetTimestamp());
            var outcome = await sender.PostAsync(delivery, CancellationToken.None);
            var duration = time.GetElapsedTime(start);
            var verdict = Verdict.On(outcome, delivery.Failures, options.Value.Schedule ?? RetrySchedule.Published, Random.Shared.NextDouble() * 2 - 1);
            var ours = await table.RecordAsync(delivery, outcome, verdict, at, duration, CancellationToken.None);
            WebhookTelemetry.Record(activity, outcome, verdict, duration);
            Log(delivery, outcome, verdict, duration, ours);
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error);
            LogNotRecorded(delivery.MessageId, delivery.JobId, e);       // sent again, with the same id, when the lease ends
        }
        finally
        {
            signal.Set();       // what waited for it may go
        }
    }

    private void Log(TakenDelivery delivery, Outcome outcome, Verdict verdict, TimeSpan duration, bool ours)
    {
        var answer = outcome.Code ?? $"{outcome.Status}";
        switch (verdict)
        {
            case { State: DeliveryState.Delivered }: LogDelivered(delivery.MessageId, delivery.JobId, answer, duration); break;
            case { Disables: true }: LogDisabled(delivery.MessageId, delivery.JobId, answer); break;
            case { Pause: { } pause } when ours: LogFailed(delivery.MessageId, delivery.JobId, answer, duration, delivery.Failures + 1, pause); break;
            case { Pause: null }: LogGivenUp(delivery.MessageId, delivery.JobId, answer, delivery.Failures + 1); break;
        }
    }

    [LoggerMessage(LogLevel.Information, "Delivered {MessageId} of job {JobId}: {Answer} after {Duration}")]
    private partial void LogDelivered(string messageId, Guid jobId, string answer, TimeSpan duration);

    [LoggerMessage(LogLevel.Information, "Failed to deliver {MessageId} of job {JobId}: {Answer} after {Duration}, failure {Failures}; tries again in {Pause}")]
    private partial void LogFailed(string messageId, Guid jobId, string answer, TimeSpan duration, int failures, TimeSpan pause);

    [LoggerMessage(LogLevel.Warning, "Gave up delivering {MessageId} of job {JobId}: {Answer}, failure {Failures}")]
    private partial void LogGivenUp(string messageId, Guid jobId, string answer, int failures);

    [LoggerMessage(LogLevel.Warning, "Disabled the webhook of job {JobId}, which answered {Answer} to {MessageId}: it is told nothing more")]
    private partial void LogDisabled(string messageId, Guid jobId, string answer);

    [LoggerMessage(LogLevel.Warning, "Could not take deliveries, goes on trying")]
    private partial void LogNotTaken(Exception e);

    [LoggerMessage(LogLevel.Warning, "Did not record what came of {MessageId} of job {JobId}; it will be sent again")]
    private partial void LogNotRecorded(string messageId, Guid jobId, Exception e);
}
