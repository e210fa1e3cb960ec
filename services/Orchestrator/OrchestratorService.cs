using MassTransit;
using Platform.Artifacts;
using Platform.JobStore.Jobs;
using Platform.JobStore.Outbox;
using Platform.JobStore.Sagas;
using Platform.JobStore.Storage;
using Platform.Orchestrator.Jobs;
using Platform.Orchestrator.Progress;
using Platform.Orchestrator.Sweeping;
using Platform.ServiceDefaults;
using JobStateMachine = Platform.Orchestrator.Jobs.JobStateMachine;

namespace Platform.Orchestrator;

/// <summary>What the Orchestrator is made of, for its own host and for one that holds every service.</summary>
public static class OrchestratorService
{
    /// <summary>Adds what runs beside the bus.</summary>
    public static void AddOrchestrator(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<SweepingOptions, SweepingOptionsValidator>(SweepingOptions.Section);
        builder.Services.AddJobStore();
        builder.Services.AddArtifacts();
        builder.Services.AddSingleton<JobSteps>();
        builder.Services.AddSingleton<ProgressWriter>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ProgressWriter>());
        builder.Services.AddHostedService<Sweeper>();
    }

    /// <summary>Adds the saga and the consumers.</summary>
    public static void AddOrchestrator(this IBusRegistrationConfigurator bus)
    {
        bus.AddEntityFrameworkOutbox<JobDbContext>(outbox => outbox.UseBusOutbox());
        bus.AddSagaStateMachine<JobStateMachine, JobState, JobStateMachineDefinition>()
            .EntityFrameworkRepository(repository => repository.ExistingDbContext<JobDbContext>());
        bus.AddConsumer<ProgressConsumer, ProgressConsumerDefinition>();
        bus.AddConsumer<CancelMarkConsumer, CancelMarkConsumerDefinition>();
    }
}
