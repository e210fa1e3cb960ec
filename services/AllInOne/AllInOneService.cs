using Platform.Caption;
using Platform.Capture;
using Platform.Gateway;
using Platform.JobStore.Storage;
using Platform.Merge;
using Platform.Music;
using Platform.Notification;
using Platform.Orchestrator;
using Platform.Render;
using Platform.ServiceDefaults;
using Platform.Storage;
using Platform.Transcode;

namespace Platform.AllInOne;

/// <summary>Every service in one process: messages in memory, jobs in SQLite, files in a folder. What the row says can be done again after a restart.</summary>
public static class AllInOneService
{
    /// <summary>Adds every service. Settings that the configuration leaves open point into one folder.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="home">The folder that holds everything; made when missing.</param>
    public static void AddPlatform(this WebApplicationBuilder builder, string home)
    {
        Directory.CreateDirectory(home);
        builder.Configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = EmbeddedSettings(home) });

        builder.AddServiceDefaults("platform");
        builder.AddGateway();
        builder.AddOrchestrator();
        builder.AddCapture();
        builder.AddRender();
        builder.AddCaption();
        builder.AddMerge();
        builder.AddMusic();
        builder.AddTranscode();
        builder.AddStorage();
        builder.AddNotification();
        builder.AddBus(bus =>
        {
            bus.AddGateway();
            bus.AddOrchestrator();
            bus.AddCapture();
            bus.AddRender();
            bus.AddCaption();
            bus.AddMerge();
            bus.AddMusic();
            bus.AddTranscode();
            bus.AddStorage();
            bus.AddNotification();
        });
    }

    /// <summary>Brings the database up to date, then maps the API and health.</summary>
    public static async Task MapPlatformAsync(this WebApplication app, CancellationToken cancellation = default)
    {
        await app.Services.GetRequiredService<IStoreMigrator>().MigrateAsync(cancellation);
        app.MapGateway();
        app.MapHealth();
    }

    /// <summary>Settings of the embedded form.</summary>
    private static Dictionary<string, string?> EmbeddedSettings(string home) => new()
    {
        ["ConnectionStrings:Platform"] = $"Data Source={Path.Combine(home, "platform.db")}",
        ["Artifacts:Folder"] = Path.Combine(home, "artifacts"),
        ["Stages:WorkFolder"] = Path.Combine(home, "work"),
        ["DataProtection:Folder"] = Path.Combine(home, "secrets"),
        ["Sweeping:ResumeOnStart"] = "true",
    };
}
