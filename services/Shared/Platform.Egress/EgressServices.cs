using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Platform.Egress;

/// <summary>Registers what reaches out to users' URLs.</summary>
public static class EgressServices
{
    /// <summary>Adds <see cref="GuardedConnector"/> and <see cref="EgressClient"/>, with options from the section <c>Egress</c>.</summary>
    public static IServiceCollection AddEgress(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<EgressOptions, EgressOptionsRules>()
            .BindConfiguration(EgressOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        services.AddSingleton<IValidateOptions<EgressOptions>, ForbiddenEndpointRules>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IResolver, SystemResolver>();
        services.TryAddSingleton<IConnector, SocketConnector>();
        services.TryAddSingleton<GuardedConnector>();
        services.TryAddSingleton<EgressClient>();
        return services;
    }
}
