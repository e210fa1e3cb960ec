using MassTransit;
using Platform.Contracts;

namespace Platform.Gateway.Events;

/// <summary>Hears of every job's events and progress, and hands them to this gateway's readers.</summary>
internal sealed class LiveConsumer(LiveHub hub) : IConsumer<JobEventRecorded>, IConsumer<JobProgressed>
{
    public Task Consume(ConsumeContext<JobEventRecorded> context)
    {
        hub.Tell(context.Message);
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<JobProgressed> context)
    {
        hub.Tell(context.Message);
        return Task.CompletedTask;
    }
}

/// <summary>A temporary queue per process. One message after the other keeps a job's events in order.</summary>
internal sealed class LiveConsumerDefinition : ConsumerDefinition<LiveConsumer>
{
    public LiveConsumerDefinition()
    {
        Endpoint(endpoint =>
        {
            endpoint.Name = "live";
            endpoint.InstanceId = $"-{Environment.MachineName}-{Environment.ProcessId}";
            endpoint.Temporary = true;
            endpoint.PrefetchCount = 200;
        });
        ConcurrentMessageLimit = 1;
    }
}
