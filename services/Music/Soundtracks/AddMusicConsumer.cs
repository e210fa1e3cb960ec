using MassTransit;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Stages;

namespace Platform.Music.Soundtracks;

internal sealed class AddMusicConsumer(IStageRunner stages, ISoundtrack soundtrack) : IConsumer<AddMusic>
{
    public Task Consume(ConsumeContext<AddMusic> context) =>
        stages.RunAsync(context, context.Message.Run, (work, cancellationToken) => soundtrack.LayAsync(context.Message, work, cancellationToken));
}

internal sealed class AddMusicConsumerDefinition(IOptions<StagesOptions> options) : StageConsumerDefinition<AddMusicConsumer>(Queues.Music, options);
