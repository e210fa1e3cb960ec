using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Platform.JobStore.Sagas;

/// <summary>How an instance is found and held.</summary>
internal sealed class SagaQueries<TSaga>
    where TSaga : class, ISaga
{
    private string? _lockStatement;

    public bool Locks { get; set; } = true;
    public Func<IQueryable<TSaga>, IQueryable<TSaga>> Customize { get; set; } = query => query;

    /// <summary>
    /// Holds the row until the transaction ends, then reads it. Two statements: at read committed, rows joined to a locked one are seen as they were before
    /// the wait for its lock. SQLite's transaction is the only one that writes, so there is nothing to lock.
    /// </summary>
    public async Task<TSaga?> LoadAsync(DbContext db, Guid correlationId, CancellationToken cancellationToken)
    {
        if (Locks && !db.Database.IsSqlite())
        {
            await db.Database.ExecuteSqlRawAsync(_lockStatement ??= LockStatementFor(db), [correlationId], cancellationToken);
        }

        return await Customize(db.Set<TSaga>()).AsTracking().SingleOrDefaultAsync(saga => saga.CorrelationId == correlationId, cancellationToken);
    }

    private static string LockStatementFor(DbContext db)
    {
        var type = db.Model.FindEntityType(typeof(TSaga)) ?? throw new ConfigurationException($"{db.GetType().Name} has no {typeof(TSaga).Name} in its model.");
        var table = StoreObjectIdentifier.Create(type, StoreObjectType.Table)!.Value;
        var key = type.FindProperty(nameof(ISaga.CorrelationId))!.GetColumnName(table)!;
        var sql = db.GetService<ISqlGenerationHelper>();
        return $"SELECT 1 FROM {sql.DelimitIdentifier(table.Name, table.Schema)} WHERE {sql.DelimitIdentifier(key)} = {{0}} FOR UPDATE";
    }
}
