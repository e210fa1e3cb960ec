namespace Platform.Notification.Webhooks;

/// <summary>Forgets old deliveries, hourly.</summary>
internal sealed partial class DeliveryRetention(DeliveryTable table, TimeProvider time, ILogger<DeliveryRetention> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await table.ExpireAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotExpired(e);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Could not remove old deliveries, the next hour will")]
    private partial void LogNotExpired(Exception e);
}
