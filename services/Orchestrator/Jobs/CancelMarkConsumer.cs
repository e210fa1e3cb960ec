using MassTransit;
using Platform.Artifacts;
using Platform.Contracts;

namespace Platform.Orchestrator.Jobs;

/// <summary>Leaves the mark by which a cancelled command that is still in a queue is dropped when it arrives.</summary>
internal sealed class CancelMarkConsumer(IArtifactStore store) : IConsumer<CancelStage>
{
    public Task Consume(ConsumeContext<CancelStage> context) => store.MarkAsync(context.Message.Tenant, CancelMarks.Of(context.Message), context.CancellationToken);
}

/// <summary>Queue of marks and its patience with the store.</summary>
internal sealed class CancelMarkConsumerDefinition : ConsumerDefinition<CancelMarkConsumer>
{
    public CancelMarkConsumerDefinition() => EndpointName = "cancel-marks";

    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<CancelMarkConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.UseMessageRetry(retry =>
        {
            retry.Handle<ArtifactStoreException>(e => e.Transient);
            retry.Interval(43_200, TimeSpan.FromSeconds(2));     // a day: MassTransit makes a list of as many pauses
        });
}
