using MassTransit;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Stages;

namespace Platform.Storage.Fetching;

internal sealed class FetchMediaConsumer(IStageRunner runner, MediaFetcher fetcher) : IConsumer<FetchMedia>
{
    public Task Consume(ConsumeContext<FetchMedia> context) =>
        runner.RunAsync(context, context.Message.Run, (work, cancellation) => fetcher.FetchAsync(context.Message, work, cancellation));
}

internal sealed class FetchMediaConsumerDefinition(IOptions<StagesOptions> options) : StageConsumerDefinition<FetchMediaConsumer>(Queues.Fetch, options);
