using MassTransit;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Platform.Artifacts;
using Platform.Egress;
using Platform.Gateway.Access;
using Platform.Gateway.Documents;
using Platform.Gateway.Events;
using Platform.Gateway.Health;
using Platform.Gateway.Jobs;
using Platform.Gateway.Requests;
using Platform.Gateway.Templates;
using Platform.Gateway.Uploads;
using Platform.Gateway.Webhooks;
using Platform.JobStore.Jobs;
using Platform.JobStore.Outbox;
using Platform.JobStore.Storage;
using Platform.ServiceDefaults;

namespace Platform.Gateway;

/// <summary>The HTTP API, for its own host and for hosts that run several services.</summary>
public static class Gateway
{
    /// <summary>Adds what the API needs.</summary>
    /// <param name="builder">The host's builder.</param>
    public static TBuilder AddGateway<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        var services = builder.Services;
        services.AddOptions<GatewayOptions, GatewayOptionsValidator>(GatewayOptions.Section);
        services.AddOptions<AccessOptions, AccessOptionsValidator>(AccessOptions.Section);
        services.AddJobStore();
        services.AddEgress();
        services.AddArtifacts();
        builder.AddSecrets();
        services.AddAccess();
        services.AddSingleton<FileIntake>();
        services.AddScoped<References>().AddScoped<JobIntake>().AddScoped<JobReader>().AddScoped<JobCommands>().AddScoped<Submission>().AddScoped<TemplateStore>().AddScoped<TemplateSnapshots>().AddScoped<TemplateQuestions>().AddScoped<DryRun>();
        services.AddScoped<Idempotency>().AddScoped<UploadReceiver>().AddScoped<EventStreamServices>();
        services.AddSingleton<LiveHub>();
        services.AddDocuments();
        services.AddExceptionHandler<FailureHandler>();
        services.AddHealthChecks().AddCheck<OutboxCheck>("outbox", timeout: TimeSpan.FromSeconds(5));
        services.Configure<RouteOptions>(routes => routes.SetParameterPolicy<JobIdConstraint>("jobid"));
        services.Configure<KestrelServerOptions>(Limit);
        return builder;
    }

    /// <summary>Adds what the API says and hears on the bus.</summary>
    /// <param name="bus">The host's bus.</param>
    public static void AddGateway(this IBusRegistrationConfigurator bus)
    {
        bus.AddEntityFrameworkOutbox<JobDbContext>(outbox => outbox.UseBusOutbox());
        bus.AddConsumer<LiveConsumer, LiveConsumerDefinition>();
    }

    /// <summary>Maps the API under <c>/v1</c>.</summary>
    /// <param name="app">The host's application.</param>
    public static void MapGateway(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = _ => Task.CompletedTask, SuppressDiagnosticsCallback = _ => true });
        app.UseStatusCodePages(context => Problems.Of(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext));
        app.UseAuthentication();
        app.UseAuthorization();

        var api = app.MapGroup("/v1");
        api.MapJobs();
        api.MapJobFiles();
        api.MapJobEvents();
        api.MapUploads();
        api.MapTemplates();
        api.MapWebhooks();
        app.MapDocuments();
    }

    // A body that comes slower than 240 bytes a second is given up after 5 s of grace, an answer that is read slower too.
    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = JsonBody.ServerMaxBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.MaxRequestLineSize = 16 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
        kestrel.Limits.MinResponseDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
    }
}

/// <summary>Lets an id through in its one form, 36 lower-case characters; everything else is not found.</summary>
internal sealed class JobIdConstraint : IRouteConstraint
{
    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values[routeKey] is string text && Guid.TryParseExact(text, "D", out var id) && id.ToString() == text;
}
