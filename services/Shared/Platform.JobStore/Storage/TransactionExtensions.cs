using Microsoft.EntityFrameworkCore;

namespace Platform.JobStore.Storage;

internal static class TransactionExtensions
{
    /// <summary>
    /// Runs work, saves and commits; inside another transaction of the context it only works, since the outer one saves. Isolation is the provider's default: read committed on
    /// PostgreSQL, where the row lock does the rest, and the only one on SQLite, begun as its writer.
    /// </summary>
    public static async Task InTransactionAsync(this DbContext db, Func<Task> work, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is not null)
        {
            await work();
            return;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await work();
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
