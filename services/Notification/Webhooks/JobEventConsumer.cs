using System.Data.Common;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Contracts;

namespace Platform.Notification.Webhooks;

/// <summary>Hands events to the intake.</summary>
internal sealed class JobEventConsumer(EventIntake intake) : IConsumer<JobEventRecorded>
{
    public Task Consume(ConsumeContext<JobEventRecorded> context) => intake.TakeInAsync(context.Message, context.CancellationToken);
}

/// <summary>Queue of events and its limits: several jobs at once, but those of one job in their order.</summary>
internal sealed class JobEventConsumerDefinition : ConsumerDefinition<JobEventConsumer>
{
    private const int Lanes = 8;
    private const int SecondsOfPatience = 86_400;       // as many pauses as MassTransit will make a list of

    public JobEventConsumerDefinition() => EndpointName = Queues.Notification;

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<JobEventConsumer> consumerConfigurator, IRegistrationContext context)
    {
        // A database that is away comes back: deliveries wait for it rather than go to the error queue.
        endpointConfigurator.UseMessageRetry(retry =>
        {
            retry.Handle<DbException>(e => e.IsTransient || e is NpgsqlException { SqlState: null });
            retry.Handle<DbUpdateException>(e => e.InnerException is DbException { IsTransient: true });
            retry.Handle<InvalidOperationException>(e => e.InnerException is DbException { IsTransient: true });
            retry.Interval(SecondsOfPatience, TimeSpan.FromSeconds(1));
        });
        consumerConfigurator.Message<JobEventRecorded>(message => message.UsePartitioner(Lanes, e => e.Message.JobId));
    }
}
