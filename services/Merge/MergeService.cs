using MassTransit;
using Platform.Artifacts;
using Platform.Ffmpeg;
using Platform.Merge.Films;
using Platform.Stages;

namespace Platform.Merge;

/// <summary>What Merge is made of, for its own host and for one that holds every service.</summary>
public static class MergeService
{
    /// <summary>Adds what runs beside the bus.</summary>
    public static void AddMerge(this IHostApplicationBuilder builder)
    {
        builder.Services.AddArtifacts();
        builder.Services.AddFfmpeg();
        builder.Services.AddStages();
        builder.Services.AddSingleton<IFilmMaker, FilmMaker>();
    }

    /// <summary>Adds the consumers.</summary>
    public static void AddMerge(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<MergeScenesConsumer, MergeScenesConsumerDefinition>();
        bus.AddStageCancellation();
    }
}
