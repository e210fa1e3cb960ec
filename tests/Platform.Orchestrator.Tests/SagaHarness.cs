using System.Collections.Concurrent;
using System.Text.Json;
using MassTransit;
using MassTransit.Saga;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.JobStore.Jobs;
using Platform.Orchestrator.Jobs;
using Platform.Orchestrator.Sweeping;
using JobStateMachine = Platform.Orchestrator.Jobs.JobStateMachine;

namespace Platform.Orchestrator.Tests;

/// <summary>The saga alone: in-memory bus and rows, a clock that stands still unless moved, and no workers.</summary>
internal sealed class SagaHarness : IAsyncDisposable
{
    public const string TwoStages = """{"stages":{"page":{"type":"capture","url":"https://example.com"},"final":{"type":"music","video":"@page","music":"https://cdn.example.com/bed.mp3"}}}""";
    public const string OneStage = """{"stages":{"page":{"type":"capture","url":"https://example.com"}}}""";

    private readonly ServiceProvider _services;
    private readonly ConsumedMessages _consumed = new();

    private SagaHarness(Action<IBusRegistrationConfigurator> configure)
    {
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<JobSteps>()
            .AddMassTransitTestHarness(TextWriter.Null, bus =>
            {
                bus.AddSagaStateMachine<JobStateMachine, JobState>().InMemoryRepository().Endpoint(endpoint => endpoint.Name = Queues.Jobs);
                configure(bus);
            })
            .BuildServiceProvider(true);
        Bus = _services.GetRequiredService<ITestHarness>();
    }

    public ManualClock Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    public ITestHarness Bus { get; }

    public static async Task<SagaHarness> StartAsync(Action<IBusRegistrationConfigurator>? configure = null)
    {
        var harness = new SagaHarness(configure ?? (_ => { }));
        await harness.Bus.Start();
        harness.Bus.Bus.ConnectReceiveObserver(harness._consumed);
        return harness;
    }

    /// <summary>Writes the row as the Gateway does with the 202.</summary>
    public JobState Accept(string document = TwoStages)
    {
        var reading = JobDocumentReader.Read(JsonElement.Parse(document));
        Assert.Empty(reading.Problems);
        var job = new JobState
        {
            CorrelationId = Guid.CreateVersion7(),
            Tenant = "acme",
            Document = reading.Job!,
            Outputs = [.. reading.Outputs],
            AcceptedAt = Clock.GetUtcNow(),
            DeadlineAt = Clock.GetUtcNow() + TimeSpan.FromSeconds(reading.Job!.Deadline),
            LastEvent = 1,
        };
        _services.GetRequiredService<IndexedSagaDictionary<JobState>>().Add(new SagaInstance<JobState>(job));
        return job;
    }

    /// <summary>Delivers a message and waits until the saga has consumed it.</summary>
    public async Task TellAsync(object message)
    {
        var id = NewId.NextGuid();
        var consumed = _consumed.Expect(id);
        var endpoint = await Bus.Bus.GetSendEndpoint(new Uri($"exchange:{Queues.Jobs}"));
        await endpoint.Send(message, message.GetType(), Pipe.Execute<SendContext>(context => context.MessageId = id));
        await consumed.WaitAsync(TimeSpan.FromMinutes(5));
    }

    public Task SubmitAsync(JobState job) => TellAsync(new JobSubmitted { JobId = job.CorrelationId });
    public Task StartAsync(JobState job, string stage, int attempt = 1) => TellAsync(new StageStarted { JobId = job.CorrelationId, Stage = stage, Attempt = attempt, Worker = "w" });
    public Task CompleteAsync(JobState job, string stage, int attempt = 1) => TellAsync(Completed(job.CorrelationId, stage, attempt));
    public Task FailAsync(JobState job, string stage, FailureKind kind, int attempt = 1, string code = "test.failed") =>
        TellAsync(new StageFailed { JobId = job.CorrelationId, Stage = stage, Attempt = attempt, Failure = new StageFailure(code, kind, "It failed.") });

    /// <summary>Moves the clock and looks at the job, as the sweeper does.</summary>
    public Task SweepAsync(JobState job, TimeSpan later, string? silent = null)
    {
        Clock.Advance(later);
        return TellAsync(Due(job) with { Silent = silent is null ? [] : new Dictionary<string, int> { [silent] = job.Find(silent)!.Attempt } });
    }

    /// <summary>What the sweeper sends when a job is due; as there, the row is leased first, so that no other sweeper sends it too.</summary>
    public ResumeJob Due(JobState job)
    {
        if (job.WakeAt <= Clock.GetUtcNow()) job.WakeAt = Clock.GetUtcNow() + new SweepingOptions().Lease;
        return new ResumeJob { JobId = job.CorrelationId, WakeAt = job.WakeAt };
    }

    public int Sent<T>(Func<T, bool>? filter = null) where T : class => Bus.Sent.Select<T>(sent => filter?.Invoke(sent.Context.Message) ?? true).Count();

    public static StageCompleted Completed(Guid job, string stage, int attempt) => new()
    {
        JobId = job,
        Stage = stage,
        Attempt = attempt,
        Outputs = new[] { "video", "take", "shots", "thumbnail", "media", "files" }.ToDictionary(name => name, name => new StageOutput { Artifacts = [Made($"{stage}-{name}")] }),
    };

    private static Artifact Made(string name) => new()
    {
        Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name))),
        Bytes = 1,
        ContentType = name.EndsWith("thumbnail", StringComparison.Ordinal) ? "image/jpeg" : "video/mp4",
    };

    public async ValueTask DisposeAsync()
    {
        await Bus.Stop();
        await _services.DisposeAsync();
    }
}

/// <summary>Tells when a message was consumed, or that its consumer threw.</summary>
internal sealed class ConsumedMessages : IReceiveObserver
{
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _expected = new();

    public Task Expect(Guid messageId) => _expected.GetOrAdd(messageId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class
    {
        if (_expected.TryGetValue(context.MessageId!.Value, out var expected)) expected.TrySetResult();
        return Task.CompletedTask;
    }

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class
    {
        if (_expected.TryGetValue(context.MessageId!.Value, out var expected)) expected.TrySetException(exception);
        return Task.CompletedTask;
    }

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;
    public Task PostReceive(ReceiveContext context) => Task.CompletedTask;
    public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;
}
