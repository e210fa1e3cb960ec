using MassTransit;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Stages;

namespace Platform.Render.Templates;

internal sealed class RenderTemplateConsumer(IStageRunner stages, ITemplateRenderer renderer) : IConsumer<RenderTemplate>
{
    public Task Consume(ConsumeContext<RenderTemplate> context) =>
        stages.RunAsync(context, context.Message.Run, (work, cancellationToken) => renderer.RenderAsync(context.Message, work, cancellationToken));
}

internal sealed class RenderTemplateConsumerDefinition(IOptions<StagesOptions> options) : StageConsumerDefinition<RenderTemplateConsumer>(Queues.Render, options);
