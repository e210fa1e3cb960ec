using Microsoft.EntityFrameworkCore;
using Platform.JobStore.Jobs;
using Platform.Orchestrator.Jobs;

namespace Platform.Orchestrator.Sweeping;

/// <summary>
/// What a process whose messages live in its memory had confirmed, and may have died with before anyone read it, said again: its last events, which
/// Notification and readers know by their number, and for how long the files of their jobs are kept.
/// </summary>
internal static class LastWords
{
    /// <summary>How long before its last event a process may have had a message in its memory: far longer than its readers are ever behind.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    public static async Task RepeatAsync(JobDbContext db, Outgoing outgoing, CancellationToken cancellation)
    {
        var events = db.Set<JobEvent>().AsNoTracking();
        if (await events.MaxAsync(e => (DateTimeOffset?)e.At, cancellation) is not { } last) return;
        var first = last - Window;
        var jobs = await db.Jobs.AsNoTracking().Include(job => job.Events.Where(e => e.At >= first).OrderBy(e => e.Number))
            .Where(job => job.Events.Any(e => e.At >= first)).ToListAsync(cancellation);
        foreach (var job in jobs)
        {
            foreach (var e in job.Events) await outgoing.Events.Publish(job.Told(e), cancellation);
            foreach (var (files, until) in job.Holds())
                if (job.Hold(files, until) is { } kept) await outgoing.Artifacts.Send(kept, cancellation);
        }
        await db.SaveChangesAsync(cancellation);
    }
}
