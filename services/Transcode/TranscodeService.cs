using MassTransit;
using Microsoft.Extensions.Options;
using Platform.Artifacts;
using Platform.Ffmpeg;
using Platform.Stages;
using Platform.Transcode.Films;
using Platform.Transcode.Provenance;
using Platform.Transcode.Streams;

namespace Platform.Transcode;

/// <summary>What Transcode is made of, for its own host and for one that holds every service.</summary>
public static class TranscodeService
{
    /// <summary>Adds what runs beside the bus.</summary>
    public static void AddTranscode(this IHostApplicationBuilder builder)
    {
        builder.Services.AddArtifacts();
        builder.Services.AddFfmpeg();
        builder.Services.AddStages();
        builder.Services.AddSingleton<IValidateOptions<TranscodeOptions>, TranscodeOptionsValidator>();
        builder.Services.AddOptionsWithValidateOnStart<TranscodeOptions>().BindConfiguration(TranscodeOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        builder.Services.AddSingleton<Signature>();
        builder.Services.AddSingleton<FilmMaker>();
        builder.Services.AddSingleton<StreamMaker>();
    }

    /// <summary>Adds the consumers.</summary>
    public static void AddTranscode(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<TranscodeFilmConsumer, TranscodeFilmConsumerDefinition>();
        bus.AddStageCancellation();
    }
}
