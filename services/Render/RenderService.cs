using MassTransit;
using Platform.Artifacts;
using Platform.Ffmpeg;
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
    }

    /// <summary>Adds the consumers.</summary>
    public static void AddRender(this IBusRegistrationConfigurator bus)
    {
        bus.AddStageCancellation();
    }
}
