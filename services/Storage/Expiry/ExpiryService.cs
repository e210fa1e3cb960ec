using Microsoft.Extensions.Options;

namespace Platform.Storage.Expiry;

/// <summary>Sweeps from time to time.</summary>
internal sealed partial class ExpiryService(IExpiry expiry, IOptions<ExpiryOptions> options, TimeProvider time, ILogger<ExpiryService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var expired = await expiry.SweepAsync(stoppingToken);
                if (expired.Bytes > 0 || expired.Partials > 0) LogSwept(expired.Artifacts, expired.Manifests, expired.Partials, expired.Bytes, expired.BytesLeft);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogSweepFailed(e);      // the store or the database is away: the next sweep does it all
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Removed {Artifacts} files, {Manifests} manifests and {Partials} unfinished uploads, {Bytes} bytes; {BytesLeft} bytes are left")]
    private partial void LogSwept(int artifacts, int manifests, int partials, long bytes, long bytesLeft);

    [LoggerMessage(LogLevel.Warning, "A sweep of the artifact store failed, the next will try again")]
    private partial void LogSweepFailed(Exception e);
}
