using MassTransit;
using Platform.Artifacts;
using Platform.Browser;
using Platform.Ffmpeg;
using Platform.Render.Drawing;
using Platform.Render.Films;
using Platform.Render.Linting;
using Platform.Render.Templates;
using Platform.Stages;

namespace Platform.Render;

/// <summary>What Render is made of, for its own host and for one that holds every service.</summary>
public static class RenderService
{
    /// <summary>Adds what runs beside the bus.</summary>
    public static void AddRender(this IHostApplicationBuilder builder)
    {
        builder.Services.AddArtifacts();
        builder.Services.AddFfmpeg();
        builder.Services.AddStages();
        builder.Services.AddTextRasteriser();
        builder.Services.AddHtmlLayers();
        builder.Services.AddOptionsWithValidateOnStart<RenderOptions, RenderOptionsValidator>().BindConfiguration(RenderOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        builder.Services.AddSingleton<Texts>();
        builder.Services.AddTransient<LayerLooks>();       // holds one film's masks
        builder.Services.AddTransient<IFilms, Films.Films>();
        builder.Services.AddSingleton<AssetFiles>();
        builder.Services.AddSingleton<StoredFiles>();
        builder.Services.AddSingleton<FilmFiles>();
        builder.Services.AddTransient<ITemplateRenderer, TemplateRenderer>();
        builder.Services.AddTransient<TemplatePreviews>();
        builder.Services.AddTransient<TemplateLint>();
    }

    /// <summary>Adds the consumers.</summary>
    public static void AddRender(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<RenderTemplateConsumer, RenderTemplateConsumerDefinition>();
        bus.AddConsumer<RenderPartConsumer, RenderPartConsumerDefinition>();
        bus.AddConsumer<JoinPartsConsumer, JoinPartsConsumerDefinition>();
        bus.AddConsumer<PreviewTemplateConsumer, PreviewTemplateConsumerDefinition>();
        bus.AddConsumer<LintTemplateConsumer, LintTemplateConsumerDefinition>();
        bus.AddStageCancellation();
    }
}
