using System.Collections.Concurrent;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.JobStore.Jobs;

namespace Platform.Orchestrator.Progress;

/// <summary>Writes the latest progress of each stage twice a second, in one go and outside the saga's rows, and tells live readers.</summary>
internal sealed partial class ProgressWriter(IServiceScopeFactory scopes, IBus bus, TimeProvider time, ILogger<ProgressWriter> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan TellLimit = TimeSpan.FromSeconds(5);

    private ConcurrentDictionary<(Guid Job, string Stage), StageProgressed> _latest = new();

    public void Report(StageProgressed progress) =>
        _latest.AddOrUpdate((progress.JobId, progress.Stage), progress, (_, before) => progress.Attempt >= before.Attempt ? progress : before);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (_latest.IsEmpty) continue;
            var batch = Interlocked.Exchange(ref _latest, new()).Values;
            try
            {
                await WriteAsync(batch, stoppingToken);
                await Task.WhenAll(batch.Select(progress => TellAsync(progress, stoppingToken)));
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogLost(batch.Count, e);        // the next report makes up for it
            }
        }
    }

    private async Task WriteAsync(ICollection<StageProgressed> batch, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<JobDbContext>();
        var now = time.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        foreach (var progress in batch.OrderBy(p => p.JobId).ThenBy(p => p.Stage, StringComparer.Ordinal))     // one order for all writers: no deadlock
        {
            var updated = await db.Progress.Where(p => p.JobId == progress.JobId && p.Stage == progress.Stage).ExecuteUpdateAsync(set => set
                .SetProperty(p => p.Progress, p => p.Attempt <= progress.Attempt ? progress.Progress : p.Progress)
                .SetProperty(p => p.Activity, p => p.Attempt <= progress.Attempt ? progress.Activity : p.Activity)
                .SetProperty(p => p.ReportedAt, now)
                .SetProperty(p => p.Attempt, p => p.Attempt <= progress.Attempt ? progress.Attempt : p.Attempt), cancellation);
            if (updated > 0) continue;
            db.Progress.Add(new StageProgress
            {
                JobId = progress.JobId,
                Stage = progress.Stage,
                Attempt = progress.Attempt,
                Progress = progress.Progress,
                Activity = progress.Activity,
                ReportedAt = now,
            });
        }
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private async Task TellAsync(StageProgressed progress, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TellLimit);
        var message = new JobProgressed { JobId = progress.JobId, Tenant = progress.Tenant, Stage = progress.Stage, Progress = progress.Progress, Activity = progress.Activity };
        await bus.Publish(message, context => context.Durable = false, limit.Token).WaitAsync(limit.Token);
    }

    [LoggerMessage(LogLevel.Debug, "Lost {Count} reports of progress")]
    private partial void LogLost(int count, Exception e);
}
