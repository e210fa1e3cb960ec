using System.Collections.Concurrent;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Configuration;
using Platform.Artifacts;
using Platform.Contracts;

namespace Platform.Stages.Tests;

/// <summary>A worker of fetch stages whose work each test says, and a saga's queue that keeps the answers.</summary>
internal sealed class WorkerHarness : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private WorkerHarness(Func<StageWork, CancellationToken, Task<StageResult>> work, Dictionary<string, string?> settings)
    {
        settings["Stages:WorkFolder"] = WorkFolder;
        settings.TryAdd("Stages:Concurrency", "4");
        settings.TryAdd("Stages:MinimumFreeBytes", "0");
        _services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IArtifactStore>(Store)
            .AddSingleton(Answers)
            .AddSingleton(work)
            .AddStages()
            .AddMassTransitTestHarness(TextWriter.Null, bus =>
            {
                bus.AddConsumer<Worker, WorkerDefinition>();
                bus.AddStageCancellation();
                bus.AddConsumer<Saga>().Endpoint(endpoint => endpoint.Name = Queues.Jobs);
            })
            .BuildServiceProvider(true);
    }

    public string WorkFolder { get; } = Directory.CreateTempSubdirectory("stages-").FullName;
    public MemoryStore Store { get; } = new();
    public AnswerBook Answers { get; } = new();
    public ITestHarness Bus => _services.GetRequiredService<ITestHarness>();
    public RunRegistry Registry => _services.GetRequiredService<RunRegistry>();

    public static async Task<WorkerHarness> StartAsync(Func<StageWork, CancellationToken, Task<StageResult>> work, Dictionary<string, string?>? settings = null)
    {
        var harness = new WorkerHarness(work, settings ?? []);
        await harness.Bus.Start();
        return harness;
    }

    public static StageRun Run(string fingerprint = "f1", Guid? job = null, int attempt = 1, string tenant = "acme", TimeSpan? timeout = null) => new()
    {
        JobId = job ?? Guid.CreateVersion7(),
        Tenant = tenant,
        Stage = "fetch~1",
        Attempt = attempt,
        StageType = "fetch",
        Fingerprint = fingerprint,
        Timeout = timeout ?? TimeSpan.FromMinutes(5),
    };

    public async Task SendAsync(StageRun run)
    {
        var endpoint = await Bus.Bus.GetSendEndpoint(new Uri($"exchange:{Queues.Fetch}"));
        await endpoint.Send(new FetchMedia { Run = run, Url = "https://example.com/", MaxBytes = 1 });
    }

    public string[] LeftWorkspaces => Directory.GetDirectories(WorkFolder);

    public async ValueTask DisposeAsync()
    {
        await Bus.Stop();
        await _services.DisposeAsync();
        Directory.Delete(WorkFolder, recursive: true);
    }

    private sealed class Worker(IStageRunner runner, Func<StageWork, CancellationToken, Task<StageResult>> work) : IConsumer<FetchMedia>
    {
        public Task Consume(ConsumeContext<FetchMedia> context) => runner.RunAsync(context, context.Message.Run, work);
    }

    private sealed class WorkerDefinition(Microsoft.Extensions.Options.IOptions<StagesOptions> options) : StageConsumerDefinition<Worker>(Queues.Fetch, options);

    private sealed class Saga(AnswerBook answers) : IConsumer<StageStarted>, IConsumer<StageCompleted>, IConsumer<StageFailed>, IConsumer<StageProgressed>
    {
        public Task Consume(ConsumeContext<StageStarted> context) => answers.Write(context.Message);
        public Task Consume(ConsumeContext<StageCompleted> context) => answers.Write(context.Message);
        public Task Consume(ConsumeContext<StageFailed> context) => answers.Write(context.Message);
        public Task Consume(ConsumeContext<StageProgressed> context) => answers.Write(context.Message);
    }
}

/// <summary>What the saga was told, and a way to wait for more.</summary>
internal sealed class AnswerBook : IDisposable
{
    private readonly ConcurrentQueue<object> _answers = new();
    private readonly SemaphoreSlim _written = new(0);

    public IEnumerable<T> Of<T>() => _answers.OfType<T>();

    public void Dispose() => _written.Dispose();

    public Task Write(object answer)
    {
        _answers.Enqueue(answer);
        _written.Release();
        return Task.CompletedTask;
    }

    /// <summary>Waits until there are so many answers of a kind.</summary>
    public async Task<T[]> WaitAsync<T>(int count = 1, Func<T, bool>? filter = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var found = Of<T>().Where(filter ?? (_ => true)).ToArray();
            if (found.Length >= count) return found;
            await _written.WaitAsync(limit.Token);
        }
    }
}
