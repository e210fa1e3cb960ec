using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults;

/// <summary>What every host does.</summary>
public static class ServiceDefaults
{
    /// <summary>Adds the clock, health, logging and telemetry.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="service">Name of the service in traces, metrics and logs.</param>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder, string service) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddHealthChecks();
        builder.AddLogging();
        builder.AddTelemetry(service);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        return builder;
    }

    // The framework's own lines about requests and commands hold query strings, and are ten times ours; the bus tells every try to reach its broker three times over.
    private static void AddLogging(this IHostApplicationBuilder builder)
    {
        foreach (var category in new[] { "Microsoft", "Npgsql", "System.Net.Http", "MassTransit" }) builder.Logging.AddFilter(category, LogLevel.Warning);
        builder.Logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.FormatterName ??= LineFormatter.FormatterName);
    }

    /// <summary>Adds options that are checked at start, not at midnight: unknown settings are an error.</summary>
    public static OptionsBuilder<TOptions> AddOptions<TOptions, TValidator>(this IServiceCollection services, string section)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions> =>
        services.AddOptionsWithValidateOnStart<TOptions, TValidator>().BindConfiguration(section, binder => binder.ErrorOnUnknownConfiguration = true);

    /// <summary>Maps <c>/health/live</c>, which depends on nothing, and <c>/health/ready</c>, which says what is wrong.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new()
        {
            ResponseWriter = HealthReportWriter.WriteAsync,
            ResultStatusCodes = { [HealthStatus.Degraded] = StatusCodes.Status503ServiceUnavailable },     // the bus, while its broker is away
        });
    }
}
