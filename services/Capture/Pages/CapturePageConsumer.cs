using MassTransit;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Stages;

namespace Platform.Capture.Pages;

internal sealed class CapturePageConsumer(IStageRunner stages, PageCapture capture) : IConsumer<CapturePage>
{
    public Task Consume(ConsumeContext<CapturePage> context) =>
        stages.RunAsync(context, context.Message.Run, (work, token) => capture.CaptureAsync(context.Message, work, token));
}

internal sealed class CapturePageConsumerDefinition(IOptions<StagesOptions> options) : StageConsumerDefinition<CapturePageConsumer>(Queues.Capture, options);
