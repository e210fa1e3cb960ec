using MassTransit;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using Platform.JobStore.Storage;

namespace Platform.JobStore.Outbox;

/// <summary>The work of a consumer or saga and the messages it sends: one transaction.</summary>
internal sealed class OutboxContextFactory<TDbContext>(TDbContext db, IServiceProvider provider, TimeProvider time) : IOutboxContextFactory<TDbContext>
    where TDbContext : StoreDbContext
{
    public void Probe(ProbeContext context) => context.CreateFilterScope("outbox");

    public Task Send<T>(ConsumeContext<T> context, OutboxConsumeOptions options, IPipe<OutboxConsumeContext<T>> next)
        where T : class => db.InTransactionAsync(() => next.Send(new OutboxContext<T>(context, options, provider, db, time)), context.CancellationToken);

    private sealed class OutboxContext<T>(ConsumeContext<T> context, OutboxConsumeOptions options, IServiceProvider provider, TDbContext db, TimeProvider time)
        : OutboxConsumeContextProxy<T>(context, options, provider)
        where T : class
    {
        private readonly Lock _lock = new();    // a saga's activities may publish in parallel, a context is not made for that

        public override bool ContinueProcessing { get; set; } = true;

        /// <summary>Never: there is no inbox.</summary>
        public override bool IsMessageConsumed => false;
        public override bool IsOutboxDelivered => true;
        public override int ReceiveCount => 1;
        public override long? LastSequenceNumber => null;

        public override Task AddSend<TMessage>(SendContext<TMessage> context)
        {
            var message = OutboxMessage.From(context, time);
            lock (_lock)
            {
                db.Add(message);
            }

            return Task.CompletedTask;
        }

        public override Task SetConsumed() => Task.CompletedTask;
        public override Task SetDelivered() => Task.CompletedTask;
        public override Task<List<OutboxMessageContext>> LoadOutboxMessages() => Task.FromResult<List<OutboxMessageContext>>([]);
        public override Task NotifyOutboxMessageDelivered(OutboxMessageContext message) => Task.CompletedTask;
        public override Task RemoveOutboxMessages() => Task.CompletedTask;
    }
}
