using MassTransit;
using Microsoft.Extensions.Options;
using Platform.Artifacts;
using Platform.Contracts;
using Platform.Stages;

namespace Platform.Storage.Publishing;

/// <summary>Copies a job's files to the results, each read back and compared by size and SHA-256. A repeat writes the same again.</summary>
internal sealed class PublishResultConsumer(IStageRunner runner, IArtifactStore store) : IConsumer<PublishResult>
{
    public Task Consume(ConsumeContext<PublishResult> context) =>
        runner.RunAsync(context, context.Message.Run, (work, cancellation) => PublishAsync(context.Message, work, cancellation));

    private async Task<StageResult> PublishAsync(PublishResult message, StageWork work, CancellationToken cancellation)
    {
        var outputs = new Dictionary<string, StageOutput>();
        foreach (var file in message.Files)
        {
            work.Report((double)outputs.Count / message.Files.Count, $"publishing {file.Name}");
            await store.PublishAsync(message.Run.Tenant, message.Run.JobId, file.Name, file.Artifact, cancellation);
            outputs[file.Name] = new StageOutput { Artifacts = [file.Artifact] };
        }
        return new StageResult { Files = new Dictionary<string, OutputFile>(), Kept = outputs };
    }
}

internal sealed class PublishResultConsumerDefinition(IOptions<StagesOptions> options) : StageConsumerDefinition<PublishResultConsumer>(Queues.Publish, options);
