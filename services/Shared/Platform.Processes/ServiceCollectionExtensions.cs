using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Platform.Processes;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IProcessRunner"/>, <see cref="ISandbox"/> and <see cref="IChildUser"/>, configured by <see cref="ProcessOptions"/>.</summary>
    public static IServiceCollection AddProcesses(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ProcessOptions, ProcessOptionsValidator>()
            .BindConfiguration(ProcessOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        services.AddLogging();
        services.TryAddSingleton<Sandbox>();
        services.TryAddSingleton<ISandbox>(provider => provider.GetRequiredService<Sandbox>());
        services.TryAddSingleton<ChildUser>();
        services.TryAddSingleton<IChildUser>(provider => provider.GetRequiredService<ChildUser>());
        services.TryAddSingleton<Launcher>();
        services.TryAddSingleton<ILaunchLines>(provider => provider.GetRequiredService<Launcher>());
        services.TryAddSingleton<IProcessRunner, ProcessRunner>();
        return services;
    }
}
