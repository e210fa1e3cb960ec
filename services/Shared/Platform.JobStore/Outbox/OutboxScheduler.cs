using MassTransit;
using MassTransit.Context;
using MassTransit.Middleware;
using MassTransit.Scheduling;
using Microsoft.EntityFrameworkCore;
using Platform.JobStore.Storage;

namespace Platform.JobStore.Outbox;

/// <summary>Schedules are rows of the outbox with a due time. Writing one joins the caller's transaction; so does cancelling, where there is a transaction.</summary>
internal sealed class OutboxScheduleProvider(ISendEndpointProvider endpoints, DbContext db) : IScheduleMessageProvider
{
    private readonly DelayedScheduleMessageProvider _writer = new(endpoints);

    public Task<ScheduledMessage<T>> ScheduleSend<T>(
        Uri destinationAddress, DateTime scheduledTime, T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class => _writer.ScheduleSend(destinationAddress, scheduledTime, message, pipe, cancellationToken);

    public async Task CancelScheduledSend(Guid tokenId, CancellationToken cancellationToken)
    {
        foreach (var unsaved in db.ChangeTracker.Entries<OutboxMessage>().Where(entry => entry.Entity.ScheduleToken == tokenId).ToList())
        {
            unsaved.State = EntityState.Detached;
        }

        await db.Set<OutboxMessage>().Where(message => message.ScheduleToken == tokenId).ExecuteDeleteAsync(cancellationToken);
    }

    public Task CancelScheduledSend(Uri destinationAddress, Guid tokenId, CancellationToken cancellationToken) => CancelScheduledSend(tokenId, cancellationToken);
}

/// <summary>The scheduler of a scope outside consumers.</summary>
internal sealed class OutboxScopedScheduler<TDbContext>(ISendEndpointProvider endpoints, TDbContext db, IBus bus)
    : MessageScheduler(new OutboxScheduleProvider(endpoints, db), bus.Topology)
    where TDbContext : StoreDbContext;

/// <summary>Gives consumers behind the outbox their scheduler.</summary>
internal sealed class OutboxSchedulerFilter<TDbContext> : IFilter<ConsumeContext>
    where TDbContext : StoreDbContext
{
    public void Probe(ProbeContext context) => context.CreateFilterScope("outboxScheduler");

    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        context.GetOrAddPayload<MessageSchedulerContext>(() => new ConsumeMessageSchedulerContext(context, SchedulerOf));
        return next.Send(context);
    }

    private static MessageScheduler SchedulerOf(ConsumeContext context) =>
        context is OutboxConsumeContext outbox && outbox.GetService(typeof(TDbContext)) is TDbContext db
            ? new MessageScheduler(new OutboxScheduleProvider(context, db), context.GetPayload<IBusTopology>())
            : throw new InvalidOperationException($"Scheduling needs UseEntityFrameworkOutbox<{typeof(TDbContext).Name}> on the endpoint.");
}
