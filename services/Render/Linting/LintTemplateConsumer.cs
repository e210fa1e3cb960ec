using MassTransit;
using Platform.Contracts;
using Platform.Stages;

namespace Platform.Render.Linting;

/// <summary>Answers questions for a template's layout; somebody waits for the answer.</summary>
internal sealed class LintTemplateConsumer(TemplateLint lint) : IConsumer<LintTemplate>
{
    public async Task Consume(ConsumeContext<LintTemplate> context)
    {
        try
        {
            await context.RespondAsync(new TemplateLinted { Warnings = await lint.LookAsync(context.Message, context.CancellationToken) });
        }
        catch (StageException e)
        {
            await context.RespondAsync(new TemplateLinted { Failure = e.Failure });
        }
    }
}

internal sealed class LintTemplateConsumerDefinition : ConsumerDefinition<LintTemplateConsumer>
{
    public LintTemplateConsumerDefinition()
    {
        EndpointName = Queues.Lint;
        ConcurrentMessageLimit = 1;
    }
}
