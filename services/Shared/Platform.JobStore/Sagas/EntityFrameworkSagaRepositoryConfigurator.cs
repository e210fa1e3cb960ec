using MassTransit;
using MassTransit.Configuration;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Platform.JobStore.Sagas;

/// <summary>How the instances of a saga are kept; names as in MassTransit's own Entity Framework package.</summary>
public interface IEntityFrameworkSagaRepositoryConfigurator<TSaga>
    where TSaga : class, ISaga
{
    /// <summary>
    /// How two messages of one saga are kept apart. Pessimistic (default): the second waits for the first, by a row lock on PostgreSQL and the one writer on SQLite.
    /// Optimistic: both work, the entity's concurrency token lets one of them fail at its save, and the endpoint's retry does the rest.
    /// </summary>
    ConcurrencyMode ConcurrencyMode { set; }

    /// <summary>The context, registered elsewhere, that has <typeparamref name="TSaga"/> in its model.</summary>
    void ExistingDbContext<TContext>()
        where TContext : DbContext;

    /// <summary>Adds what is loaded with an instance (<c>Include</c>). Read after the lock is held, so never older than it.</summary>
    void CustomizeQuery(Func<IQueryable<TSaga>, IQueryable<TSaga>> queryCustomization);
}

/// <summary>Saga instances as rows, registered as with MassTransit's own Entity Framework package (docs/adr/0002).</summary>
public static class EntityFrameworkSagaRepositoryExtensions
{
    /// <summary>Keeps the instances of a saga in a DbContext.</summary>
    /// <exception cref="ConfigurationException">No context was named.</exception>
    public static ISagaRegistrationConfigurator<TSaga> EntityFrameworkRepository<TSaga>(
        this ISagaRegistrationConfigurator<TSaga> configurator, Action<IEntityFrameworkSagaRepositoryConfigurator<TSaga>> configure)
        where TSaga : class, ISaga
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(configure);
        var repository = new Configurator<TSaga>();
        configure(repository);
        return configurator.Repository(repository.Register
            ?? throw new ConfigurationException($"The repository of {typeof(TSaga).Name} needs ExistingDbContext<…>()."));
    }

    /// <summary>Locks as PostgreSQL does. The context's provider says so by itself; here for the registration to read as with the official package.</summary>
    public static IEntityFrameworkSagaRepositoryConfigurator<TSaga> UsePostgres<TSaga>(this IEntityFrameworkSagaRepositoryConfigurator<TSaga> configurator)
        where TSaga : class, ISaga => configurator;

    /// <inheritdoc cref="UsePostgres"/>
    public static IEntityFrameworkSagaRepositoryConfigurator<TSaga> UseSqlite<TSaga>(this IEntityFrameworkSagaRepositoryConfigurator<TSaga> configurator)
        where TSaga : class, ISaga => configurator;

    private sealed class Configurator<TSaga> : IEntityFrameworkSagaRepositoryConfigurator<TSaga>
        where TSaga : class, ISaga
    {
        private readonly SagaQueries<TSaga> _queries = new();

        public Action<ISagaRepositoryRegistrationConfigurator<TSaga>>? Register { get; private set; }

        public ConcurrencyMode ConcurrencyMode
        {
            set => _queries.Locks = value == ConcurrencyMode.Pessimistic;
        }

        public void CustomizeQuery(Func<IQueryable<TSaga>, IQueryable<TSaga>> queryCustomization) => _queries.Customize = queryCustomization;

        public void ExistingDbContext<TContext>()
            where TContext : DbContext => Register = services =>
            {
                services.AddSingleton(_queries);
                services.RegisterLoadSagaRepository<TSaga, SagaRepositoryContextFactory<TContext, TSaga>>();
                services.RegisterQuerySagaRepository<TSaga, SagaRepositoryContextFactory<TContext, TSaga>>();
                services.RegisterSagaRepository<TSaga, TContext, SagaConsumeContextFactory<TContext, TSaga>, SagaRepositoryContextFactory<TContext, TSaga>>();
            };
    }
}
