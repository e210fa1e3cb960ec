using System.Data.Common;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Contracts;
using Platform.JobStore.Jobs;
using Platform.JobStore.Outbox;

namespace Platform.Orchestrator.Jobs;

/// <summary>Queue of the saga and its limits.</summary>
internal sealed class JobStateMachineDefinition : SagaDefinition<JobState>
{
    private const int SecondsOfPatience = 86_400;       // MassTransit makes a list of as many pauses: no room for int.MaxValue

    public JobStateMachineDefinition()
    {
        EndpointName = Queues.Jobs;
        ConcurrentMessageLimit = 16;
    }

    // A database that is away comes back: deliveries wait for it rather than go to the error queue.
    protected override void ConfigureSaga(IReceiveEndpointConfigurator endpointConfigurator, ISagaConfigurator<JobState> sagaConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.UseMessageRetry(retry =>
        {
            retry.Handle<DbException>(e => e.IsTransient || e is NpgsqlException { SqlState: null });
            retry.Handle<DbUpdateException>(e => e.InnerException is DbException { IsTransient: true });
            retry.Handle<InvalidOperationException>(e => e.InnerException is DbException { IsTransient: true });
            retry.Interval(SecondsOfPatience, TimeSpan.FromSeconds(1));
        });
        endpointConfigurator.UseEntityFrameworkOutbox<JobDbContext>(context);
    }
}
