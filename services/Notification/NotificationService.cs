using MassTransit;
using Platform.Egress;
using Platform.JobStore.Storage;
using Platform.Notification.Webhooks;
using Platform.ServiceDefaults;

namespace Platform.Notification;

/// <summary>What Notification is made of, for its own host and for one that holds every service.</summary>
public static class NotificationService
{
    /// <summary>Adds what runs beside the bus.</summary>
    public static void AddNotification(this IHostApplicationBuilder builder)
    {
        builder.AddSecrets();
        builder.Services.AddOptions<WebhookOptions, WebhookOptionsValidator>(WebhookOptions.Section);
        builder.Services.AddEgress();
        builder.Services.AddStore<WebhookDbContext, PostgresWebhookDbContext, SqliteWebhookDbContext>(WebhookDbContext.Schema);
        builder.Services.AddScoped<EventIntake>();
        builder.Services.AddSingleton<DeliverySignal>();
        builder.Services.AddSingleton<DeliveryTable>();
        builder.Services.AddSingleton<WebhookSender>();
        builder.Services.AddHostedService<DeliveryService>();
        builder.Services.AddHostedService<DeliveryRetention>();
    }

    /// <summary>Adds the consumers.</summary>
    public static void AddNotification(this IBusRegistrationConfigurator bus) => bus.AddConsumer<JobEventConsumer, JobEventConsumerDefinition>();
}
