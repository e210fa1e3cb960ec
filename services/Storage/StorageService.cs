using MassTransit;
using Platform.Artifacts;
using Platform.Egress;
using Platform.Ffmpeg;
using Platform.JobStore.Storage;
using Platform.ServiceDefaults;
using Platform.Stages;
using Platform.Storage.Expiry;
using Platform.Storage.Fetching;
using Platform.Storage.Publishing;

namespace Platform.Storage;

/// <summary>What Storage is made of, for its own host and for one that holds every service.</summary>
public static class StorageService
{
    /// <summary>Adds what runs beside the bus.</summary>
    public static void AddStorage(this IHostApplicationBuilder builder)
    {
        builder.Services.AddStages();
        builder.Services.AddEgress();
        builder.Services.AddFfmpeg();
        builder.Services.AddSingleton<MediaFetcher>();
        builder.Services.AddExpiry();
        builder.Services.AddHostedService<ExpiryService>();
    }

    /// <summary>Adds expiry alone, for a command that prunes: <see cref="IExpiry"/>, the store and the table of references.</summary>
    public static IServiceCollection AddExpiry(this IServiceCollection services)
    {
        services.AddOptions<ExpiryOptions, ExpiryOptionsValidator>(ExpiryOptions.Section);
        services.AddArtifacts();
        services.AddStore<FilesDbContext, PostgresFilesDbContext, SqliteFilesDbContext>(FilesDbContext.Schema);
        services.AddSingleton<FileReferences>();
        services.AddSingleton<IExpiry, Expirer>();
        return services;
    }

    /// <summary>Adds the consumers.</summary>
    public static void AddStorage(this IBusRegistrationConfigurator bus)
    {
        bus.AddStageCancellation();
        bus.AddConsumer<FetchMediaConsumer, FetchMediaConsumerDefinition>();
        bus.AddConsumer<PublishResultConsumer, PublishResultConsumerDefinition>();
        bus.AddConsumer<ReferencesConsumer, ReferencesConsumerDefinition>();
    }
}
