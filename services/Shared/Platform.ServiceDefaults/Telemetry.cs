using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Platform.ServiceDefaults;

/// <summary>Traces, metrics and logs by OpenTelemetry, sent where the standard <c>OTEL_EXPORTER_OTLP_*</c> variables say.</summary>
internal static class Telemetry
{
    /// <summary>Sources and meters of our own begin with this.</summary>
    public const string Prefix = "Platform.";

    private static readonly string[] Sources = ["MassTransit", "Npgsql", "Microsoft.AspNetCore", "System.Net.Http", Prefix + "*"];
    private static readonly string[] Meters = ["MassTransit", "Npgsql", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", Prefix + "*"];

    public static void AddTelemetry(this IHostApplicationBuilder builder, string service)
    {
        if (Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is not { Length: > 0 }) return;
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, Starter>());     // before the bus starts
        new Builder(builder.Services)
            .ConfigureResource(resource => resource.AddService(service, serviceInstanceId: $"{Environment.MachineName}-{Environment.ProcessId}"))
            .WithTracing(tracing => tracing.AddSource(Sources))
            .WithMetrics(metrics => metrics.AddMeter(Meters))
            .WithLogging(null, logging => logging.IncludeScopes = true)
            .UseOtlpExporter();
    }

    // OpenTelemetry.Extensions.Hosting would bring these two.
    private sealed class Builder(IServiceCollection services) : IOpenTelemetryBuilder
    {
        public IServiceCollection Services { get; } = services;
    }

    /// <summary>Resolving a provider starts it; the container disposes, and so flushes, it at the end.</summary>
    private sealed class Starter(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetService<TracerProvider>();
            services.GetService<MeterProvider>();
            services.GetService<LoggerProvider>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
