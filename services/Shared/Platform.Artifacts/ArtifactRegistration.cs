using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Platform.Artifacts;

/// <summary>Registers the artifact store.</summary>
public static class ArtifactRegistration
{
    /// <summary>Adds <see cref="IArtifactStore"/> and <see cref="IArtifactMaintenance"/> with options from the section <c>Artifacts</c>, and a readiness check <c>store</c>. Several services in one process add it once.</summary>
    public static IServiceCollection AddArtifacts(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(IArtifactMaintenance))) return services;
        services.AddOptionsWithValidateOnStart<ArtifactsOptions, ArtifactsOptionsValidator>()
            .BindConfiguration(ArtifactsOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        services.AddSingleton<IValidateOptions<ArtifactsOptions>, OneStore>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => Open(provider.GetRequiredService<IOptions<ArtifactsOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => (IArtifactMaintenance)provider.GetRequiredService<IArtifactStore>());
        services.AddHealthChecks().AddCheck<StoreHealth>("store", timeout: TimeSpan.FromSeconds(5));
        return services;
    }

    private static IArtifactStore Open(ArtifactsOptions options, TimeProvider time) =>
        options.S3 is { } s3 ? new S3ArtifactStore(new S3Session(s3), time) : new FolderArtifactStore(options, time);
}

/// <summary>Whether the store can be used now.</summary>
internal sealed class StoreHealth(IArtifactMaintenance store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await store.ProbeAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (ArtifactStoreException e) { return HealthCheckResult.Unhealthy(e.Message); }
    }
}
