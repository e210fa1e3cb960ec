using MassTransit;
using MassTransit.Clients;
using MassTransit.DependencyInjection;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using MassTransit.Transports;
using Platform.JobStore.Storage;

namespace Platform.JobStore.Outbox;

/// <summary>What a scope's IPublishEndpoint and ISendEndpointProvider write to: inside a consumer its context, elsewhere the scope's own DbContext.</summary>
internal sealed class OutboxBusContextProvider<TDbContext>(
    IBus bus,
    TDbContext db,
    Bind<IBus, IClientFactory> clients,
    Bind<IBus, IScopedConsumeContextProvider> consumeContext,
    IServiceProvider provider,
    TimeProvider time) : IScopedBusContextProvider<IBus>
    where TDbContext : StoreDbContext
{
    private ScopedBusContext? _context;

    public ScopedBusContext Context => _context ??= consumeContext.Value.HasContext
        ? new ConsumeContextScopedBusContext(consumeContext.Value.GetContext(), clients.Value)
        : new OutboxBusContext(bus, db, clients.Value, provider, time);

    /// <summary>Messages become rows of the context: they join the caller's SaveChanges, and never leave without it.</summary>
    private sealed class OutboxBusContext : ScopedBusContext, OutboxSendContext
    {
        private readonly TDbContext _db;
        private readonly IServiceProvider _provider;
        private readonly TimeProvider _time;

        public OutboxBusContext(IBus bus, TDbContext db, IClientFactory clients, IServiceProvider provider, TimeProvider time)
        {
            (_db, _provider, _time) = (db, provider, time);
            SendEndpointProvider = new OutboxSendEndpointProvider(this, bus);
            PublishEndpoint = new PublishEndpoint(new OutboxPublishEndpointProvider(this, bus));
            ClientFactory = new ScopedClientFactory(new ClientFactory(new ScopedClientFactoryContext(clients, provider)), null);
        }

        public ISendEndpointProvider SendEndpointProvider { get; }
        public IPublishEndpoint PublishEndpoint { get; }
        public IScopedClientFactory ClientFactory { get; }

        public Task AddSend<T>(SendContext<T> context)
            where T : class
        {
            _db.Add(OutboxMessage.From(context, _time));
            return Task.CompletedTask;
        }

        public object? GetService(Type serviceType) => _provider.GetService(serviceType);
    }
}
