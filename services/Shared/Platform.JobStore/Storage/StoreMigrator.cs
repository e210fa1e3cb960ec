using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Platform.JobStore.Storage;

/// <summary>A context that was added with <see cref="StoreServiceCollectionExtensions.AddStore"/>.</summary>
internal sealed record StoreContext(string Schema, Type Type);

/// <summary>Brings the schemas of every context of this process up to date: a step of its own before the services start; the embedded form does it at its start.</summary>
public interface IStoreMigrator
{
    /// <summary>Applies what is missing. Safe to call from several processes at once.</summary>
    Task MigrateAsync(CancellationToken cancellationToken = default);
}

internal sealed partial class StoreMigrator(
    IEnumerable<StoreContext> contexts, StoreConnection connection, IServiceScopeFactory scopes, ILogger<StoreMigrator> logger) : IStoreMigrator
{
    /// <summary>Names the lock among the database's advisory locks; any number that nobody else takes.</summary>
    private const long LockKey = 0x706c_6174_666f_726d;

    /// <summary>For another process's migrations, and for one step of our own.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public async Task MigrateAsync(CancellationToken cancellationToken = default)
    {
        foreach (var store in contexts.Distinct())
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = (DbContext)scope.ServiceProvider.GetRequiredService(store.Type);
            var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
            if (pending.Count == 0)
            {
                continue;
            }

            await MigrateAsync(db, cancellationToken);
            LogMigrated(store.Schema, string.Join(", ", pending));
        }
    }

    private async Task MigrateAsync(DbContext db, CancellationToken cancellationToken)
    {
        if (!connection.IsSqlite)
        {
            await MigrateAloneAsync(db, cancellationToken);
            return;
        }

        using var single = await SqliteMigrationLock.TakeAsync(db.Database.GetDbConnection().DataSource, cancellationToken);
        await SqliteMigrationLock.ForgetDeadHoldersAsync(db, cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
    }

    // EF Core's own lock ends with each migration's transaction, and what is missing is listed once: of two processes both would apply the second. The lock is
    // the session's, so it dies with its process.
    private static async Task MigrateAloneAsync(DbContext db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            db.Database.SetCommandTimeout(Patience);
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({LockKey})", cancellationToken);
            await db.Database.MigrateAsync(cancellationToken);
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({LockKey})", cancellationToken);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    [LoggerMessage(LogLevel.Information, "Migrated {Schema}: {Migrations}")]
    private partial void LogMigrated(string schema, string migrations);
}
