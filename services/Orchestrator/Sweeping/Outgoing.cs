using MassTransit;
using Platform.Contracts;

namespace Platform.Orchestrator.Sweeping;

/// <summary>The outbox's way to the queues: what is sent goes with the next save.</summary>
internal sealed record Outgoing(ISendEndpoint Jobs, ISendEndpoint Artifacts, IPublishEndpoint Events)
{
    private static readonly Uri JobsQueue = new($"exchange:{Queues.Jobs}");
    private static readonly Uri ArtifactsQueue = new($"exchange:{Queues.Artifacts}");

    public static async Task<Outgoing> FromAsync(IServiceProvider scope)
    {
        var endpoints = scope.GetRequiredService<ISendEndpointProvider>();
        return new Outgoing(await endpoints.GetSendEndpoint(JobsQueue), await endpoints.GetSendEndpoint(ArtifactsQueue), scope.GetRequiredService<IPublishEndpoint>());
    }
}
