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

/// <summary>Films some frames of a take.</summary>
internal sealed class CapturePartConsumer(IStageRunner stages, PageCapture capture) : IConsumer<CapturePart>
{
    public Task Consume(ConsumeContext<CapturePart> context) =>
        stages.RunAsync(context, context.Message.Run, (work, token) => capture.FilmPartAsync(context.Message, work, token));
}

internal sealed class CapturePartConsumerDefinition(IOptions<StagesOptions> options) : StageConsumerDefinition<CapturePartConsumer>(Queues.Capture, options);

/// <summary>Joins the parts of a take.</summary>
internal sealed class JoinTakeConsumer(IStageRunner stages, PageCapture capture) : IConsumer<JoinTake>
{
    public Task Consume(ConsumeContext<JoinTake> context) =>
        stages.RunAsync(context, context.Message.Run, (work, token) => capture.JoinAsync(context.Message, work, token));
}

internal sealed class JoinTakeConsumerDefinition(IOptions<StagesOptions> options) : StageConsumerDefinition<JoinTakeConsumer>(Queues.Capture, options);
