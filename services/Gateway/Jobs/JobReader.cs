using Microsoft.EntityFrameworkCore;
using Platform.JobStore.Jobs;

namespace Platform.Gateway.Jobs;

/// <summary>A page of jobs, newest first.</summary>
/// <param name="Jobs">The jobs, without their stages.</param>
/// <param name="NextCursor">Gives the next page; absent on the last.</param>
internal sealed record JobPage(IReadOnlyList<JobAnswer> Jobs, string? NextCursor);

/// <summary>Reads jobs of a tenant.</summary>
internal sealed class JobReader(JobDbContext db)
{
    /// <summary>The job of that id, if it is the tenant's.</summary>
    public Task<JobState?> FindAsync(string tenant, Guid id, CancellationToken cancellation) =>
        db.Jobs.AsNoTracking().SingleOrDefaultAsync(job => job.CorrelationId == id && job.Tenant == tenant, cancellation);

    /// <summary>A job with its progress.</summary>
    public async Task<JobAnswer> AnswerAsync(JobState job, CancellationToken cancellation) =>
        JobAnswers.Of(job, await db.Progress.AsNoTracking().Where(progress => progress.JobId == job.CorrelationId).ToListAsync(cancellation));

    /// <summary>A page of the tenant's jobs.</summary>
    public async Task<JobPage> ListAsync(string tenant, JobQuery query, CancellationToken cancellation)
    {
        var jobs = db.Jobs.AsNoTracking().Where(job => job.Tenant == tenant);
        if (query.States.Count > 0) jobs = jobs.Where(job => query.States.Contains(job.CurrentState));
        if (query.CreatedAfter is { } time) jobs = jobs.Where(job => job.AcceptedAt > time);
        if (query.After is { } after) jobs = jobs.Where(job => job.CorrelationId.CompareTo(after) < 0);
        foreach (var (key, value) in query.Metadata)
            jobs = jobs.Where(job => db.Metadata.Any(metadata => metadata.JobId == job.CorrelationId && metadata.Key == key && metadata.Value == value));

        // One more than asked for tells whether there is another page. Ids are UUIDv7: their order is that of acceptance.
        var rows = await jobs.OrderByDescending(job => job.CorrelationId).Take(query.Limit + 1).ToListAsync(cancellation);
        var page = rows.Take(query.Limit).ToList();
        var ids = page.Select(job => job.CorrelationId).ToList();
        var progress = (await db.Progress.AsNoTracking().Where(report => ids.Contains(report.JobId)).ToListAsync(cancellation)).ToLookup(report => report.JobId);
        return new JobPage(
            [.. page.Select(job => JobAnswers.Summary(job, job.Stages, [.. progress[job.CorrelationId]], job.Document.Metadata))],
            rows.Count > query.Limit ? Cursor.After(page[^1].CorrelationId) : null);
    }
}
