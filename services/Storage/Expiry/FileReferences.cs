using Microsoft.EntityFrameworkCore;

namespace Platform.Storage.Expiry;

/// <summary>The table of references.</summary>
internal sealed class FileReferences(IServiceScopeFactory scopes)
{
    /// <summary>Files are asked about in batches of this size: databases limit the parameters of a statement.</summary>
    private const int Batch = 200;

    /// <summary>Keeps files for a job. The latest time that was asked for counts, so messages may come twice and in any order.</summary>
    public Task KeepAsync(string tenant, Guid jobId, IEnumerable<string> files, DateTimeOffset until, CancellationToken cancellation) => UseAsync(async db =>
    {
        foreach (var batch in files.Distinct().Chunk(Batch))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            var kept = await db.References.Where(r => r.Tenant == tenant && r.JobId == jobId && batch.Contains(r.Sha256)).ToDictionaryAsync(r => r.Sha256, cancellation);
            foreach (var file in batch)
            {
                if (!kept.TryGetValue(file, out var reference)) db.References.Add(new FileReference { Tenant = tenant, Sha256 = file, JobId = jobId, Until = until });
                else if (reference.Until < until) reference.Until = until;
            }
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
        return true;
    });

    /// <summary>Lets go of all files of a job.</summary>
    public Task ReleaseAsync(Guid jobId, CancellationToken cancellation) =>
        UseAsync(db => db.References.Where(r => r.JobId == jobId).ExecuteDeleteAsync(cancellation));

    /// <summary>Forgets references whose time is over. Says how many.</summary>
    public Task<int> RemoveEndedAsync(DateTimeOffset now, CancellationToken cancellation) =>
        UseAsync(db => db.References.Where(r => r.Until < now).ExecuteDeleteAsync(cancellation));

    /// <summary>Until when each of these files is needed; files that nobody needs are not in the answer.</summary>
    public Task<Dictionary<string, DateTimeOffset>> UntilAsync(string tenant, IReadOnlyCollection<string> files, CancellationToken cancellation) => UseAsync(async db =>
    {
        var until = new Dictionary<string, DateTimeOffset>();
        foreach (var batch in files.Chunk(Batch))
        {
            var found = await db.References.AsNoTracking().Where(r => r.Tenant == tenant && batch.Contains(r.Sha256))
                .Select(r => new { r.Sha256, r.Until }).ToListAsync(cancellation);
            foreach (var file in found.GroupBy(r => r.Sha256)) until[file.Key] = file.Max(r => r.Until);
        }
        return until;
    });

    private async Task<T> UseAsync<T>(Func<FilesDbContext, Task<T>> work)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<FilesDbContext>());
    }
}
