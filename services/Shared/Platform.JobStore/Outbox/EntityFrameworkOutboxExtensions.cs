using MassTransit;
using MassTransit.Configuration;
using MassTransit.DependencyInjection;
using MassTransit.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.JobStore.Storage;

namespace Platform.JobStore.Outbox;

/// <summary>The transactional outbox, registered as with MassTransit's own Entity Framework package (docs/adr/0002).</summary>
public static class EntityFrameworkOutboxExtensions
{
    /// <summary>
    /// Adds the outbox of <typeparamref name="TDbContext"/>. What is promised: a message leaves if and only if its transaction commits, at least once
    /// and with one message id; messages of one job (a <c>JobId</c> property, else the correlation id) are confirmed by the broker in order of writing.
    /// There is no inbox: the saga's state says what was done already. Several calls for one context are one.
    /// </summary>
    public static void AddEntityFrameworkOutbox<TDbContext>(
        this IBusRegistrationConfigurator configurator, Action<IEntityFrameworkOutboxConfigurator>? configure = null)
        where TDbContext : StoreDbContext
    {
        ArgumentNullException.ThrowIfNull(configurator);
        var options = new OutboxOptions<TDbContext>();
        configure?.Invoke(options);
        options.Validate();

        configurator.TryAddSingleton(options);
        configurator.TryAddSingleton(TimeProvider.System);
        configurator.TryAddSingleton<OutboxSignal<TDbContext>>();
        configurator.TryAddSingleton<OutboxTable<TDbContext>>();
        configurator.TryAddSingleton<IOutboxMonitor, OutboxMonitor<TDbContext>>();
        configurator.TryAddScoped<IOutboxContextFactory<TDbContext>, OutboxContextFactory<TDbContext>>();
        configurator.TryAddScoped<IMessageScheduler, OutboxScopedScheduler<TDbContext>>();
        if (!options.IsBusOutbox)
        {
            return;
        }

        configurator.Replace(ServiceDescriptor.Scoped<IScopedBusContextProvider<IBus>, OutboxBusContextProvider<TDbContext>>());
        if (options.Delivers)
        {
            configurator.TryAddSingleton<OutboxSender>();
            configurator.AddHostedService<OutboxDelivery<TDbContext>>();
            configurator.AddHostedService<OutboxListener<TDbContext>>();
        }
    }

    /// <summary>Locks as PostgreSQL does. The context's provider says so by itself; here for the registration to read as with the official package.</summary>
    public static IEntityFrameworkOutboxConfigurator UsePostgres(this IEntityFrameworkOutboxConfigurator configurator) => configurator;

    /// <inheritdoc cref="UsePostgres"/>
    public static IEntityFrameworkOutboxConfigurator UseSqlite(this IEntityFrameworkOutboxConfigurator configurator) => configurator;

    /// <summary>
    /// Puts what the consumers and sagas of an endpoint do, and every message they send, into one transaction of <typeparamref name="TDbContext"/>.
    /// Inside <c>UseMessageRetry</c>, so that each try has a context of its own. The transaction lasts as long as Consume: for sagas and short consumers.
    /// </summary>
    public static void UseEntityFrameworkOutbox<TDbContext>(this IReceiveEndpointConfigurator configurator, IRegistrationContext context)
        where TDbContext : StoreDbContext
    {
        ArgumentNullException.ThrowIfNull(configurator);
        var observer = new OutboxConsumePipeSpecificationObserver<TDbContext>(configurator, context);
        configurator.ConnectConsumerConfigurationObserver(observer);
        configurator.ConnectSagaConfigurationObserver(observer);
    }

    /// <summary>Makes delayed messages of sagas (<c>Schedule</c>) and of consumers behind the outbox (<c>ScheduleSend</c>) rows of the outbox, on any transport.</summary>
    public static void UseOutboxMessageScheduler<TDbContext>(this IBusFactoryConfigurator configurator, IRegistrationContext context)
        where TDbContext : StoreDbContext
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.UseFilter(new OutboxSchedulerFilter<TDbContext>());
    }
}
