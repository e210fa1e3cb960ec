using MassTransit;
using Platform.Artifacts;
using Platform.Ffmpeg;
using Platform.Music.Soundtracks;
using Platform.Stages;

namespace Platform.Music;

/// <summary>What Music is made of, for its own host and for one that holds every service.</summary>
public static class MusicService
{
    /// <summary>Adds what runs beside the bus.</summary>
    public static void AddMusic(this IHostApplicationBuilder builder)
    {
        builder.Services.AddArtifacts();
        builder.Services.AddFfmpeg();
        builder.Services.AddStages();
        builder.Services.AddSingleton<ISoundtrack, Soundtrack>();
    }

    /// <summary>Adds the consumers.</summary>
    public static void AddMusic(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<AddMusicConsumer, AddMusicConsumerDefinition>();
        bus.AddStageCancellation();
    }
}
