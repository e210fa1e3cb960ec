using System.Text.Json;
using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.JobStore.Jobs;
using Platform.JobStore.Storage;
using Platform.Orchestrator.Sweeping;

namespace Platform.Orchestrator.Tests;

/// <summary>A process whose messages lived in its memory was killed: the next one says again what nobody may have read.</summary>
public sealed class LastWordsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Death = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Artifact Film = new() { Sha256 = new string('f', 64), Bytes = 1, ContentType = "video/mp4" };

    private readonly string _folder = Directory.CreateTempSubdirectory("platform-words-").FullName;
    private readonly Channel<JobEventRecorded> _told = Channel.CreateUnbounded<JobEventRecorded>();
    private readonly Channel<ArtifactsKept> _kept = Channel.CreateUnbounded<ArtifactsKept>();
    private ServiceProvider _services = null!;
    private Sweeper? _sweeper;

    [Fact]
    public async Task Tells_the_last_events_again_and_not_the_old_ones()
    {
        await CompletedAsync(Death.AddHours(-1));
        var late = await CompletedAsync(Death);

        await RestartAsync();

        var told = await _told.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal((late, 2, JobEventTypes.Completed, "https://hooks.example.com/"), (told.JobId, told.Number, told.Type, told.Webhook?.Url));
    }

    [Fact]
    public async Task Keeps_the_results_of_those_jobs()
    {
        var late = await CompletedAsync(Death);

        await RestartAsync();

        var kept = await _kept.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal((late, Death.AddDays(7), Film.Sha256), (kept.JobId, kept.Until, Assert.Single(kept.Artifacts)));
    }

    public async ValueTask InitializeAsync()
    {
        _services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:Platform"] = $"Data Source={Path.Combine(_folder, "platform.db")}" }).Build())
            .AddJobStore()
            .AddLogging()
            .AddMassTransit(bus => bus.UsingInMemory((_, memory) =>
            {
                memory.ReceiveEndpoint(Queues.Notification, endpoint => endpoint.Handler<JobEventRecorded>(told => _told.Writer.WriteAsync(told.Message).AsTask()));
                memory.ReceiveEndpoint(Queues.Artifacts, endpoint => endpoint.Handler<ArtifactsKept>(kept => _kept.Writer.WriteAsync(kept.Message).AsTask()));
            }))
            .BuildServiceProvider(true);
        await _services.GetRequiredService<IStoreMigrator>().MigrateAsync(TestContext.Current.CancellationToken);
    }

    private async Task RestartAsync()
    {
        await _services.GetRequiredService<IBusControl>().StartAsync(TestContext.Current.CancellationToken);
        _sweeper = ActivatorUtilities.CreateInstance<Sweeper>(_services, Options.Create(new SweepingOptions { ResumeOnStart = true }));
        await _sweeper.StartAsync(TestContext.Current.CancellationToken);
    }

    private async Task<Guid> CompletedAsync(DateTimeOffset ended)
    {
        await using var scope = _services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<JobDbContext>();
        var reading = JobDocumentReader.Read(JsonElement.Parse(SagaHarness.OneStage));
        var job = new JobState
        {
            CorrelationId = Guid.CreateVersion7(),
            Tenant = "acme",
            CurrentState = JobStates.Completed,
            Document = reading.Job!,
            Outputs = [.. reading.Outputs],
            Webhook = new WebhookTarget("https://hooks.example.com/", null),
            Results = new Dictionary<string, Artifact> { ["page.mp4"] = Film },
            AcceptedAt = ended.AddMinutes(-30),
            DeadlineAt = ended.AddMinutes(30),
            EndedAt = ended,
            ExpiresAt = ended.AddDays(7),
            LastEvent = 2,
        };
        job.Events.Add(new JobEvent { JobId = job.CorrelationId, Number = 1, Type = JobEventTypes.Started, At = ended.AddMinutes(-20), Data = JsonElement.Parse("{}") });
        job.Events.Add(new JobEvent { JobId = job.CorrelationId, Number = 2, Type = JobEventTypes.Completed, At = ended, Data = JsonElement.Parse("{}") });
        db.Jobs.Add(job);
        await db.SaveChangesAsync();
        return job.CorrelationId;
    }

    public async ValueTask DisposeAsync()
    {
        if (_sweeper is not null) await _sweeper.StopAsync(CancellationToken.None);
        await _services.GetRequiredService<IBusControl>().StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
