using System.Globalization;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Platform.ServiceDefaults;

/// <summary>The message bus: the only place that knows which transport is in use.</summary>
public static class Bus
{
    // Redeliveries count broker restarts and lost connections too; the saga counts real attempts. This is the last net.
    private const int DeliveryLimit = 20;

    // Endpoints of one process, whose queues go with it, have this in their names.
    private static readonly string Instance = string.Create(CultureInfo.InvariantCulture, $"-{Environment.MachineName}-{Environment.ProcessId}");

    /// <summary>Adds the bus with the consumers and sagas that <paramref name="configure"/> lists.</summary>
    public static void AddBus(this IHostApplicationBuilder builder, Action<IBusRegistrationConfigurator> configure)
    {
        builder.Services.AddOptions<BusOptions, BusOptionsValidator>(BusOptions.Section);
        var inProcess = builder.Configuration[$"{BusOptions.Section}:{nameof(BusOptions.Uri)}"] is null;
        if (!inProcess)
        {
            builder.Services.AddSingleton<BrokerAlarm>();
            builder.Services.AddHealthChecks().AddCheck<BrokerAlarm>("broker");
        }
        builder.Services.Configure<MassTransitHostOptions>(host =>
        {
            host.WaitUntilStarted = inProcess;
            host.StopTimeout = TimeSpan.FromSeconds(25);
            host.ConsumerStopTimeout = TimeSpan.FromSeconds(15);     // then deliveries are handed back
        });
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.SetKebabCaseEndpointNameFormatter();
            configure(bus);
            bus.AddConfigureEndpointsCallback(Shape);
            var options = builder.Configuration.GetSection(BusOptions.Section).Get<BusOptions>() ?? new BusOptions();
            if (options.Uri is { } uri) bus.UsingRabbitMq((context, rabbit) => Configure(context, rabbit, uri, options));
            else bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
        });
    }

    private static void Configure(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit, Uri uri, BusOptions options)
    {
        var user = uri.UserInfo.Split(':', 2);
        rabbit.Host(uri.Host, (ushort)(uri.Port > 0 ? uri.Port : 5672), uri.AbsolutePath.Trim('/') is { Length: > 0 } vhost ? Uri.UnescapeDataString(vhost) : "/", host =>
        {
            host.Username(Uri.UnescapeDataString(user[0]));
            host.Password(Uri.UnescapeDataString(user.ElementAtOrDefault(1) ?? ""));
            host.Heartbeat(options.Heartbeat);
        });
        rabbit.ConfigureSend(send => send.UseExecute(RequireQueue));
        rabbit.ConfigureEndpoints(context);
    }

    // A command for a queue that nobody has declared yet would vanish; so it comes back as an error, and stays where it was. Events may have no readers.
    private static void RequireQueue(SendContext context)
    {
        var isEvent = context.DestinationAddress?.AbsolutePath.Contains(':', StringComparison.Ordinal) ?? true;
        if (!isEvent && context.TryGetPayload<RabbitMqSendContext>(out var rabbit)) rabbit.Mandatory = true;
    }

    private static void Shape(IRegistrationContext context, string name, IReceiveEndpointConfigurator endpoint)
    {
        if (endpoint is not IRabbitMqReceiveEndpointConfigurator rabbit) return;
        var alarm = context.GetRequiredService<BrokerAlarm>();
        rabbit.ConfigureChannel(channel => channel.UseExecute(opened => alarm.Watch(opened.ConnectionContext.Connection)));     // a connection's own pipe is never run
        if (name.Contains(Instance, StringComparison.Ordinal)) return;
        rabbit.SetQuorumQueue();
        rabbit.SetQueueArgument("x-delivery-limit", DeliveryLimit);
        rabbit.BindDeadLetterQueue($"{name}_dead", $"{name}_dead", dead => dead.SetQueueArgument("x-queue-type", "quorum"));
    }
}
