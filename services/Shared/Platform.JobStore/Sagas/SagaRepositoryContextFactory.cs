using MassTransit;
using MassTransit.Middleware;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;
using Platform.JobStore.Storage;

namespace Platform.JobStore.Sagas;

/// <summary>One transaction per message: that of the outbox where the endpoint has one, else its own.</summary>
internal sealed class SagaRepositoryContextFactory<TDbContext, TSaga>(
    TDbContext db, ISagaConsumeContextFactory<TDbContext, TSaga> factory, SagaQueries<TSaga> queries)
    : ISagaRepositoryContextFactory<TSaga>, ILoadSagaRepositoryContextFactory<TSaga>, IQuerySagaRepositoryContextFactory<TSaga>
    where TDbContext : DbContext
    where TSaga : class, ISaga
{
    public void Probe(ProbeContext context) => context.Add("persistence", "entityFramework");

    public Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next)
        where T : class => db.InTransactionAsync(() => next.Send(Repository(context)), context.CancellationToken);

    public Task SendQuery<T>(ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next)
        where T : class => db.InTransactionAsync(
            async () =>
            {
                var found = await db.Set<TSaga>().AsNoTracking().Where(query.FilterExpression).Select(saga => saga.CorrelationId)
                    .OrderBy(id => id).ToListAsync(context.CancellationToken);
                var matches = query.FilterExpression.Compile();
                var sagas = new List<TSaga>(found.Count);
                foreach (var id in found)       // locked one by one in the order of their ids: two such queries cannot wait for each other
                {
                    if (await queries.LoadAsync(db, id, context.CancellationToken) is { } saga && matches(saga))
                    {
                        sagas.Add(saga);
                    }
                }

                await next.Send(new LoadedSagaRepositoryQueryContext<TSaga, T>(Repository(context), sagas));
            },
            context.CancellationToken);

    public Task<T> Execute<T>(Func<LoadSagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken)
        where T : class => asyncMethod(new SagaReadContext<TSaga>(db, queries, cancellationToken));

    public Task<T> Execute<T>(Func<QuerySagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken)
        where T : class => asyncMethod(new SagaReadContext<TSaga>(db, queries, cancellationToken));

    private SagaRepositoryContext<TDbContext, TSaga, T> Repository<T>(ConsumeContext<T> context)
        where T : class => new(db, context, factory, queries);
}

/// <summary>Reads instances without a lock or a transaction.</summary>
internal sealed class SagaReadContext<TSaga>(DbContext db, SagaQueries<TSaga> queries, CancellationToken cancellationToken)
    : BasePipeContext(cancellationToken), LoadSagaRepositoryContext<TSaga>, QuerySagaRepositoryContext<TSaga>
    where TSaga : class, ISaga
{
    public Task<TSaga> Load(Guid correlationId) =>
        queries.Customize(db.Set<TSaga>()).AsNoTracking().SingleOrDefaultAsync(saga => saga.CorrelationId == correlationId, CancellationToken)!;

    public async Task<SagaRepositoryQueryContext<TSaga>> Query(ISagaQuery<TSaga> query, CancellationToken cancellationToken) =>
        new DefaultSagaRepositoryQueryContext<TSaga>(
            this,
            await db.Set<TSaga>().Where(query.FilterExpression).Select(saga => saga.CorrelationId).ToListAsync(cancellationToken));
}
