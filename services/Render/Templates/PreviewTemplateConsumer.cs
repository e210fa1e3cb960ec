using MassTransit;
using Platform.Artifacts;
using Platform.Contracts;
using Platform.Render.Films;
using Platform.Stages;
using Platform.Templates;

namespace Platform.Render.Templates;

/// <summary>Answers questions for one moment of a template; somebody waits for the answer.</summary>
internal sealed class PreviewTemplateConsumer(TemplatePreviews previews) : IConsumer<PreviewTemplate>
{
    public async Task Consume(ConsumeContext<PreviewTemplate> context)
    {
        try
        {
            await context.RespondAsync(new TemplatePreviewed { Picture = await previews.DrawAsync(context.Message, context.CancellationToken) });
        }
        catch (StageException e)
        {
            await context.RespondAsync(new TemplatePreviewed { Failure = e.Failure });
        }
    }
}

internal sealed class PreviewTemplateConsumerDefinition : ConsumerDefinition<PreviewTemplateConsumer>
{
    public PreviewTemplateConsumerDefinition()
    {
        EndpointName = Queues.Preview;
        ConcurrentMessageLimit = 2;
    }
}

/// <summary>Draws one moment of a template into the store.</summary>
internal sealed class TemplatePreviews(IFilms films, StoredFiles files, IWorkspaces workspaces, IArtifactStore store)
{
    public Task<Artifact> DrawAsync(PreviewTemplate asked, CancellationToken cancellationToken) => Failures.TypedAsync(async () =>
    {
        using var folder = workspaces.Create();
        var template = TemplateRenderer.Read(asked.Template);
        var assets = await files.FetchAsync(template, asked.Tenant, asked.Inputs, folder.Folder, cancellationToken);
        var timeline = Schedule.Of(template, assets.ToDictionary(pair => pair.Key, pair => pair.Value.Info.ToFacts()));
        await films.CheckAsync(timeline, cancellationToken);
        var order = new FilmOrder { Timeline = TemplateRenderer.At(timeline, asked.At), Assets = assets, Encoding = new FilmEncoding("png", null), Folder = folder.Folder };
        var picture = await films.MakeAsync(order, cancellationToken);
        return await store.PutAsync(asked.Tenant, picture, "image/png", new MediaFacts { Width = timeline.Width, Height = timeline.Height }, cancellationToken);
    });
}
