using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Contracts;

namespace Platform.Stages;

/// <summary>Registers what workers share.</summary>
public static class StageRegistration
{
    /// <summary>Adds the stage runner. Several services in one process add it once.</summary>
    public static IServiceCollection AddStages(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(IStageRunner))) return services;
        services.AddOptionsWithValidateOnStart<StagesOptions, StagesOptionsValidator>()
            .BindConfiguration(StagesOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        services.AddSingleton<Workspaces>();
        services.AddSingleton<IWorkspaces>(provider => provider.GetRequiredService<Workspaces>());
        services.AddSingleton<RunRegistry>();
        services.AddHostedService(provider => provider.GetRequiredService<RunRegistry>());
        services.AddSingleton<StageAnswers>();
        services.AddSingleton<IStageRunner, StageRunner>();
        return services;
    }

    /// <summary>Adds the consumer that hears of cancelled work: on a temporary queue of this process.</summary>
    public static void AddStageCancellation(this IBusRegistrationConfigurator bus)
    {
        if (!bus.Any(service => service.ServiceType == typeof(CancelStageConsumer)))
            bus.AddConsumer<CancelStageConsumer, CancelStageConsumerDefinition>();
    }
}

internal sealed class CancelStageConsumer(RunRegistry registry) : IConsumer<CancelStage>
{
    public Task Consume(ConsumeContext<CancelStage> context)
    {
        registry.Cancel(context.Message);
        return Task.CompletedTask;
    }
}

internal sealed class CancelStageConsumerDefinition : ConsumerDefinition<CancelStageConsumer>
{
    public CancelStageConsumerDefinition() => Endpoint(endpoint =>
    {
        endpoint.Name = "cancellations";
        endpoint.InstanceId = $"-{Environment.MachineName}-{Environment.ProcessId}";
        endpoint.Temporary = true;
    });
}

/// <summary>Name and limits of a stage's queue: what every worker's consumer definition says.</summary>
public abstract class StageConsumerDefinition<TConsumer> : ConsumerDefinition<TConsumer> where TConsumer : class, IConsumer
{
    /// <summary>Says which queue.</summary>
    /// <param name="queue">One of <see cref="Queues"/>.</param>
    /// <param name="options">How many at once.</param>
    protected StageConsumerDefinition(string queue, IOptions<StagesOptions> options)
    {
        EndpointName = queue;
        Endpoint(endpoint => endpoint.PrefetchCount = options.Value.Concurrency);
        ConcurrentMessageLimit = options.Value.Concurrency;
    }
}
