using MassTransit;
using MassTransit.Context;
using MassTransit.Saga;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Platform.JobStore.Sagas;

/// <summary>What MassTransit asks of a repository while a message is handled; saved once, when the unit of work ends.</summary>
internal sealed class SagaRepositoryContext<TDbContext, TSaga, TMessage>(
    TDbContext db, ConsumeContext<TMessage> context, ISagaConsumeContextFactory<TDbContext, TSaga> factory, SagaQueries<TSaga> queries)
    : ConsumeContextScope<TMessage>(context), SagaRepositoryContext<TSaga, TMessage>
    where TDbContext : DbContext
    where TSaga : class, ISaga
    where TMessage : class
{
    private const int SqliteConstraint = 19;

    private readonly ConsumeContext<TMessage> _context = context;

    public Task<SagaConsumeContext<TSaga, TMessage>> Add(TSaga instance) =>
        factory.CreateSagaConsumeContext(db, _context, instance, SagaConsumeContextMode.Add);

    /// <summary>Writes a new instance at once; null when another message was faster, and MassTransit then loads that one.</summary>
    public async Task<SagaConsumeContext<TSaga, TMessage>> Insert(TSaga instance)
    {
        var entry = db.Add(instance);
        try
        {
            await db.SaveChangesAsync(CancellationToken);       // in a savepoint of EF Core's, so the transaction outlives a duplicate key
        }
        catch (DbUpdateException e) when (IsDuplicate(e))
        {
            entry.State = EntityState.Detached;
            return null!;
        }

        return await factory.CreateSagaConsumeContext(db, _context, instance, SagaConsumeContextMode.Insert);
    }

    public async Task<SagaConsumeContext<TSaga, TMessage>> Load(Guid correlationId) =>
        await queries.LoadAsync(db, correlationId, CancellationToken) is { } saga
            ? await factory.CreateSagaConsumeContext(db, _context, saga, SagaConsumeContextMode.Load)
            : null!;

    public Task Save(SagaConsumeContext<TSaga> context)
    {
        db.Add(context.Saga);
        return Task.CompletedTask;
    }

    /// <summary>The instance is tracked: its changes are found at the save.</summary>
    public Task Update(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    public Task Delete(SagaConsumeContext<TSaga> context)
    {
        db.Remove(context.Saga);
        return Task.CompletedTask;
    }

    public Task Discard(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    public Task Undo(SagaConsumeContext<TSaga> context)
    {
        db.Entry(context.Saga).State = EntityState.Detached;
        return Task.CompletedTask;
    }

    public Task<SagaConsumeContext<TSaga, T>> CreateSagaConsumeContext<T>(ConsumeContext<T> consumeContext, TSaga instance, SagaConsumeContextMode mode)
        where T : class => factory.CreateSagaConsumeContext(db, consumeContext, instance, mode);

    private static bool IsDuplicate(DbUpdateException exception) => exception.InnerException
        is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }
        or SqliteException { SqliteErrorCode: SqliteConstraint };
}
