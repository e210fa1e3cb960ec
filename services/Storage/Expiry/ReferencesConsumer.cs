using MassTransit;
using Microsoft.EntityFrameworkCore;
using Platform.Artifacts;
using Platform.Contracts;

namespace Platform.Storage.Expiry;

/// <summary>Keeps what jobs need, and lets go of it with the job.</summary>
internal sealed class ReferencesConsumer(FileReferences references, IArtifactStore store) : IConsumer<ArtifactsKept>, IConsumer<JobPurged>
{
    public Task Consume(ConsumeContext<ArtifactsKept> context) =>
        references.KeepAsync(context.Message.Tenant, context.Message.JobId, context.Message.Artifacts, context.Message.Until, context.CancellationToken);

    public async Task Consume(ConsumeContext<JobPurged> context)
    {
        await store.RemoveResultsAsync(context.Message.Tenant, context.Message.JobId, context.CancellationToken);
        await references.ReleaseAsync(context.Message.JobId, context.CancellationToken);
    }
}

internal sealed class ReferencesConsumerDefinition : ConsumerDefinition<ReferencesConsumer>
{
    public ReferencesConsumerDefinition()
    {
        EndpointName = Queues.Artifacts;
        Endpoint(endpoint => endpoint.PrefetchCount = 16);
        ConcurrentMessageLimit = 4;
    }

    // Two messages of one job may add the same row at once: the second finds it at its next try. A store or database that is away comes back within minutes.
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<ReferencesConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.UseMessageRetry(retry =>
        {
            retry.Handle<DbUpdateException>();
            retry.Handle<System.Data.Common.DbException>();
            retry.Handle<ArtifactStoreException>();
            retry.Exponential(8, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(100));
        });
}
