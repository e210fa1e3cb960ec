using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Processes;

namespace Platform.Ffmpeg;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IFfmpeg"/> and <see cref="IMediaProbe"/> and the runner under them, configured by <see cref="FfmpegOptions"/>.</summary>
    public static IServiceCollection AddFfmpeg(this IServiceCollection services)
    {
        services.AddProcesses();
        services.AddOptionsWithValidateOnStart<FfmpegOptions, FfmpegOptionsValidator>()
            .BindConfiguration(FfmpegOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        services.TryAddSingleton<IFfmpeg, Ffmpeg>();
        services.TryAddSingleton<IInstalledTransitions, InstalledTransitions>();
        services.TryAddSingleton<XabeProbe>();
        services.TryAddSingleton<IMediaProbe, MediaProbe>();
        return services;
    }
}
