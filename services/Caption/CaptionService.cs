using MassTransit;
using Microsoft.Extensions.Options;
using Platform.Artifacts;
using Platform.Browser;
using Platform.Caption.Captions;
using Platform.Caption.Looks;
using Platform.Caption.Speech;
using Platform.Ffmpeg;
using Platform.ServiceDefaults;
using Platform.Stages;

namespace Platform.Caption;

/// <summary>What Caption is made of, for its own host and for one that holds every service.</summary>
public static class CaptionService
{
    /// <summary>Adds what runs beside the bus.</summary>
    public static void AddCaption(this IHostApplicationBuilder builder)
    {
        builder.Services.AddArtifacts();
        builder.Services.AddFfmpeg();
        builder.Services.AddTextRasteriser();
        builder.Services.AddStages();
        builder.Services.AddOptions<CaptionOptions, CaptionOptionsValidator>(CaptionOptions.Section);
        builder.Services.AddSingleton<ITranscriber, WhisperCli>();
        builder.Services.AddSingleton(services => new ModelStore(
            new HttpMessageInvoker(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) }),
            services.GetRequiredService<IOptions<CaptionOptions>>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<ModelStore>>()));
        builder.Services.AddSingleton<IFonts, Fonts>();
        builder.Services.AddSingleton<Listener>();
        builder.Services.AddSingleton<Stickers>();
        builder.Services.AddSingleton<CaptionTools>();
    }

    /// <summary>Adds the consumers.</summary>
    public static void AddCaption(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<CaptionFilmConsumer, CaptionFilmConsumerDefinition>();
        bus.AddStageCancellation();
    }
}
