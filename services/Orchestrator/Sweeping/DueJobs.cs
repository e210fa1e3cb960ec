using Microsoft.EntityFrameworkCore;
using Platform.JobStore.Jobs;

namespace Platform.Orchestrator.Sweeping;

/// <summary>Takes the jobs whose time has come, so that no other sweeper takes them too.</summary>
internal static class DueJobs
{
    /// <summary>Ids of due jobs, put off by the lease within the caller's transaction.</summary>
    public static async Task<IReadOnlyList<Guid>> TakeAsync(JobDbContext db, DateTimeOffset now, SweepingOptions options, CancellationToken cancellation)
    {
        var due = db.Database.IsNpgsql()
            ? await db.Database.SqlQuery<Guid>($"SELECT id AS \"Value\" FROM jobs.job WHERE wake_at <= {now} ORDER BY wake_at LIMIT {options.Batch} FOR UPDATE SKIP LOCKED").ToListAsync(cancellation)
            : await db.Jobs.Where(job => job.WakeAt <= now).OrderBy(job => job.WakeAt).Take(options.Batch).Select(job => job.CorrelationId).ToListAsync(cancellation);
        if (due.Count > 0)
            await db.Jobs.Where(job => due.Contains(job.CorrelationId)).ExecuteUpdateAsync(set => set.SetProperty(job => job.WakeAt, now + options.Lease), cancellation);
        return due;
    }
}
