using MassTransit;
using Platform.Browser;
using Platform.Capture.Pages;
using Platform.Egress;
using Platform.Ffmpeg;
using Platform.ServiceDefaults;
using Platform.Stages;

namespace Platform.Capture;

/// <summary>What Capture is made of, for its own host and for one that holds every service.</summary>
public static class CaptureService
{
    /// <summary>Adds what runs beside the bus.</summary>
    public static void AddCapture(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<CaptureOptions, CaptureOptionsValidator>(CaptureOptions.Section);
        builder.AddSecrets();
        builder.Services.AddStages();
        builder.Services.AddEgress();
        builder.Services.AddFfmpeg();
        builder.Services.AddBrowser();
        builder.Services.AddSingleton<PageCapture>();
    }

    /// <summary>Adds the consumer.</summary>
    public static void AddCapture(this IBusRegistrationConfigurator bus)
    {
        bus.AddStageCancellation();
        bus.AddConsumer<CapturePageConsumer, CapturePageConsumerDefinition>();
        bus.AddConsumer<CapturePartConsumer, CapturePartConsumerDefinition>();
        bus.AddConsumer<JoinTakeConsumer, JoinTakeConsumerDefinition>();
    }
}
