using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.JobStore.Jobs;
using Platform.Orchestrator.Jobs;

namespace Platform.Orchestrator.Sweeping;

/// <summary>
/// Wakes jobs whose time has come: retries, deadlines, silent stages; on start in a process whose messages lived in memory, every unfinished one,
/// after the <see cref="LastWords"/> of the one before it.
/// Decides nothing itself: it sends <see cref="ResumeJob"/>, and the saga looks at its row under its lock. Several may run.
/// </summary>
internal sealed partial class Sweeper(IServiceScopeFactory scopes, IBusControl bus, IOptions<SweepingOptions> options, TimeProvider time, ILogger<Sweeper> logger)
    : BackgroundService
{
    private DateTimeOffset _hearingSince;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _hearingSince = time.GetUtcNow();
        if (options.Value.ResumeOnStart)
        {
            await GuardedAsync(LastWords.RepeatAsync, stoppingToken);
            await GuardedAsync(ResumeAllAsync, stoppingToken);
        }
        using var timer = new PeriodicTimer(options.Value.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (bus.CheckHealth().Status != BusHealthStatus.Healthy) _hearingSince = time.GetUtcNow();  // who hears nothing cannot call others silent
            await GuardedAsync(SweepAsync, stoppingToken);
            await GuardedAsync(ExpireAsync, stoppingToken);
        }
    }

    // A sweep that fails (the database is away) is tried again at the next tick.
    private async Task GuardedAsync(Func<JobDbContext, Outgoing, CancellationToken, Task> sweep, CancellationToken cancellation)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await sweep(scope.ServiceProvider.GetRequiredService<JobDbContext>(), await Outgoing.FromAsync(scope.ServiceProvider), cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            LogSweepFailed(e);
        }
    }

    private async Task ResumeAllAsync(JobDbContext db, Outgoing outgoing, CancellationToken cancellation)
    {
        var ids = await db.Jobs.Where(job => job.EndedAt == null).Select(job => job.CorrelationId).ToListAsync(cancellation);
        foreach (var id in ids) await outgoing.Jobs.Send(new ResumeJob { JobId = id, Resend = true }, cancellation);
        await db.SaveChangesAsync(cancellation);
        if (ids.Count > 0) LogResumed(ids.Count);
    }

    private async Task SweepAsync(JobDbContext db, Outgoing outgoing, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var due = await DueJobs.TakeAsync(db, now, options.Value, cancellation);
        if (due.Count == 0) return;
        foreach (var id in due)
            await outgoing.Jobs.Send(new ResumeJob { JobId = id, WakeAt = now + options.Value.Lease, Silent = await SilentStagesAsync(db, id, now, cancellation) }, cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private async Task<Dictionary<string, int>> SilentStagesAsync(JobDbContext db, Guid id, DateTimeOffset now, CancellationToken cancellation)
    {
        var job = await db.Jobs.AsNoTracking().SingleAsync(job => job.CorrelationId == id, cancellation);
        var heard = await db.Progress.AsNoTracking().Where(p => p.JobId == id).ToDictionaryAsync(p => p.Stage, cancellation);
        return job.Stages.Where(stage => stage is { Status: StageStatus.Running, ExpandedTo: null } && IsSilent(stage, heard.GetValueOrDefault(stage.Name), now))
            .ToDictionary(stage => stage.Name, stage => stage.Attempt);
    }

    private bool IsSilent(StageState stage, StageProgress? heard, DateTimeOffset now)
    {
        DateTimeOffset[] signs = [_hearingSince, stage.StartedAt ?? now, heard is not null && heard.Attempt == stage.Attempt ? heard.ReportedAt : DateTimeOffset.MinValue];
        return now - signs.Max() > JobRules.Silence;
    }

    private async Task ExpireAsync(JobDbContext db, Outgoing outgoing, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await db.Requests.Where(request => request.CreatedAt < now - SweepingOptions.RequestRetention).ExecuteDeleteAsync(cancellation);
        await db.Uploads.Where(upload => upload.ExpiresAt < now).ExecuteDeleteAsync(cancellation);
        var expired = await db.Jobs.Where(job => job.ExpiresAt < now).OrderBy(job => job.ExpiresAt).Take(options.Value.Batch)
            .Select(job => new { job.CorrelationId, job.Tenant }).ToListAsync(cancellation);
        foreach (var job in expired)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            await outgoing.Artifacts.Send(new JobPurged { JobId = job.CorrelationId, Tenant = job.Tenant }, cancellation);
            await db.Progress.Where(progress => progress.JobId == job.CorrelationId).ExecuteDeleteAsync(cancellation);
            await db.Jobs.Where(row => row.CorrelationId == job.CorrelationId).ExecuteDeleteAsync(cancellation);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
    }

    [LoggerMessage(LogLevel.Information, "Resumed {Count} unfinished jobs")]
    private partial void LogResumed(int count);

    [LoggerMessage(LogLevel.Warning, "A sweep failed, the next will try again")]
    private partial void LogSweepFailed(Exception e);
}
