using MassTransit;
using Platform.Contracts;

namespace Platform.Orchestrator.Progress;

/// <summary>Hands progress to the writer, which keeps only the latest of each stage.</summary>
internal sealed class ProgressConsumer(ProgressWriter writer) : IConsumer<StageProgressed>
{
    public Task Consume(ConsumeContext<StageProgressed> context)
    {
        writer.Report(context.Message);
        return Task.CompletedTask;
    }
}

/// <summary>Queue of progress and its limits.</summary>
internal sealed class ProgressConsumerDefinition : ConsumerDefinition<ProgressConsumer>
{
    public ProgressConsumerDefinition()
    {
        EndpointName = Queues.Progress;
        Endpoint(endpoint => endpoint.PrefetchCount = 200);
    }
}
