using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Artifacts;
using Platform.Contracts;
using Platform.Planning;
using Platform.ServiceDefaults;

namespace Platform.Capture.Tests;

/// <summary>The service as it runs, but for its bus (in memory) and its store (a folder): takes commands and gives the answers.</summary>
internal sealed class CaptureHost : IAsyncDisposable
{
    private const string Tenant = "default";
    private readonly WebApplication app;
    private readonly string root;

    private CaptureHost(WebApplication app, string root) => (this.app, this.root) = (app, root);

    public IServiceProvider Services => app.Services;

    public IArtifactStore Store => app.Services.GetRequiredService<IArtifactStore>();

    public string StoreFolder => Path.Combine(root, "store");

    public string WorkFolder => Path.Combine(root, "work");

    public string Profiles => Path.Combine(root, "profiles");

    /// <param name="settings">Stronger than the host's own.</param>
    /// <param name="replace">Services that stand before the host's own.</param>
    public static async Task<CaptureHost> StartAsync(Dictionary<string, string?>? settings = null, Action<IServiceCollection>? replace = null)
    {
        var root = Directory.CreateTempSubdirectory("capture-tests-").FullName;
        File.SetUnixFileMode(root, (UnixFileMode)0b111_101_101); // the browser's user passes through
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Urls"] = "http://127.0.0.1:0",
            ["Artifacts:Folder"] = Path.Combine(root, "store"),
            ["Stages:WorkFolder"] = Path.Combine(root, "work"),
            ["Browser:ProfileRoot"] = Path.Combine(root, "profiles"),
            ["Egress:AllowPrivate"] = "true",
            ["DataProtection:Folder"] = Path.Combine(root, "secrets"),
        });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        replace?.Invoke(builder.Services);
        builder.AddServiceDefaults("capture");
        builder.Services.AddArtifacts();
        builder.AddCapture();
        builder.Services.AddSingleton<Answers>();
        builder.AddBus(bus =>
        {
            bus.AddCapture();
            bus.AddConsumer<Answers.Consumer>().Endpoint(endpoint => endpoint.Name = Queues.Jobs);
        });
        var app = builder.Build();
        await app.StartAsync();
        return new CaptureHost(app, root);
    }

    /// <summary>Uploads a site of text files and gives its <c>site:ID</c> and index.</summary>
    public async Task<(string Url, Artifact Index)> UploadAsync(IReadOnlyDictionary<string, string> files)
    {
        var artifacts = new Dictionary<string, Artifact>();
        foreach (var (path, text) in files)
        {
            artifacts[path] = await Store.PutAsync(Tenant, new MemoryStream(Encoding.UTF8.GetBytes(text)), 1 << 24, "text/plain", default);
        }

        var index = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(new SiteIndex { Files = artifacts }, ContractJson.Options));
        return ($"site:{Guid.NewGuid()}", await Store.PutAsync(Tenant, index, 1 << 24, SiteIndex.ContentType, default));
    }

    public Task<(string Url, Artifact Index)> UploadPageAsync(string html) => UploadAsync(new Dictionary<string, string> { ["index.html"] = html });

    /// <summary>Sends a command; the answer comes by <see cref="AnswerAsync"/>.</summary>
    public async Task<Guid> SendAsync(CaptureParameters parameters, Artifact? site = null, FinalEncode? encode = null, Guid? jobId = null, string? shots = null)
    {
        var job = jobId ?? Guid.NewGuid();
        var command = new CapturePage
        {
            Run = Run(job, "capture"),
            Parameters = parameters,
            Inputs = await InputsAsync(parameters, site, shots),
            Encode = encode,
        };
        app.Services.GetRequiredService<Answers>().Expect(job);
        var endpoint = await app.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri($"queue:{Queues.Capture}"));
        await endpoint.Send(command);
        return job;
    }

    /// <summary>Does with the service's answers what a job does: plans the stages that a capture in parts expands to, sends them, and hands each what it needs of those before it.</summary>
    /// <returns>The last stage's answer, or the first failure.</returns>
    public async Task<object> InPartsAsync(CaptureParameters parameters, Artifact site)
    {
        var inputs = await InputsAsync(parameters, site, null);
        var expansion = Assert.IsType<StageExpanded>(await SendAsync("capture", run => new CapturePage { Run = run, Parameters = parameters, Inputs = inputs }));
        var parent = new PlannedStage("page", StageTypes.Capture, JsonSerializer.SerializeToElement(parameters, ContractJson.Options), [.. inputs.Select(input => new PlannedInput(input.Key, null, null, null, input.Value))], null);

        var made = new Dictionary<string, StageCompleted>();
        foreach (var stage in JobPlanner.Expand(parent, expansion))
        {
            var given = stage.Inputs.ToDictionary(input => input.Text, input => input.Known ?? made[input.Stage!].Outputs[input.Output!].Artifacts[0]);
            var answer = stage.Type == StageTypes.CapturePart
                ? await SendAsync("capture-part", run => new CapturePart { Run = run, Parameters = stage.Parameters.Deserialize<CapturePartParameters>(ContractJson.Options)!, Inputs = given })
                : await SendAsync("capture-join", run => new JoinTake { Run = run, Parameters = stage.Parameters.Deserialize<JoinTakeParameters>(ContractJson.Options)!, Inputs = given });
            if (answer is not StageCompleted completed)
                return answer;
            made[stage.Name] = completed;
        }

        return made[expansion.Result];
    }

    private async Task<object> SendAsync<T>(string type, Func<StageRun, T> command) where T : class
    {
        var run = Run(Guid.NewGuid(), type);
        app.Services.GetRequiredService<Answers>().Expect(run.JobId);
        var endpoint = await app.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri($"queue:{Queues.Capture}"));
        await endpoint.Send(command(run));
        return await AnswerAsync(run.JobId);
    }

    private static StageRun Run(Guid job, string type) => new()
    {
        JobId = job, Tenant = Tenant, Stage = "page", Attempt = 1, StageType = type, Timeout = TimeSpan.FromMinutes(10),
        Fingerprint = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)),
    };

    private async Task<Dictionary<string, Artifact>> InputsAsync(CaptureParameters parameters, Artifact? site, string? shots)
    {
        var inputs = new Dictionary<string, Artifact>();
        if (site is not null)
            inputs[parameters.Url] = site;
        if (parameters.Shots is { } list)
            inputs[list.Text] = await Store.PutAsync(Tenant, new MemoryStream(Encoding.UTF8.GetBytes(shots!)), 1 << 24, "application/json", default);
        return inputs;
    }

    public Task CancelAsync(Guid job) => app.Services.GetRequiredService<IBus>().Publish(new CancelStage { JobId = job, Tenant = Tenant });

    public Task<object> AnswerAsync(Guid job) => app.Services.GetRequiredService<Answers>().Of(job).WaitAsync(TimeSpan.FromMinutes(10));

    public Task ProgressAsync(Guid job, string activity) => app.Services.GetRequiredService<Answers>().Progress(job, activity).WaitAsync(TimeSpan.FromMinutes(5));

    public async Task<StageCompleted> CaptureAsync(CaptureParameters parameters, Artifact? site = null, FinalEncode? encode = null, Guid? jobId = null, string? shots = null)
    {
        var answer = await AnswerAsync(await SendAsync(parameters, site, encode, jobId, shots));
        return answer as StageCompleted ?? throw new InvalidOperationException($"Not completed: {JsonSerializer.Serialize(answer, answer.GetType())}");
    }

    public async Task<StageFailure> FailAsync(CaptureParameters parameters, Artifact? site = null, string? shots = null) =>
        Assert.IsType<StageFailed>(await AnswerAsync(await SendAsync(parameters, site, shots: shots))).Failure;

    /// <summary>Copies an output out of the store.</summary>
    public async Task<string> FileAsync(Artifact artifact, string name)
    {
        var path = Path.Combine(root, $"{Guid.NewGuid():N}-{name}");
        await Store.FetchAsync(Tenant, artifact, path, default);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    internal sealed class Answers
    {
        private readonly ConcurrentDictionary<Guid, TaskCompletionSource<object>> answers = new();
        private readonly ConcurrentDictionary<(Guid, string), TaskCompletionSource> progress = new();

        public void Expect(Guid job) => answers.TryAdd(job, new(TaskCreationOptions.RunContinuationsAsynchronously));

        public Task<object> Of(Guid job) => answers[job].Task;

        public Task Progress(Guid job, string activity) => Waiting(job, activity).Task;

        private TaskCompletionSource Waiting(Guid job, string activity) => progress.GetOrAdd((job, activity), _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

        internal sealed class Consumer(Answers all) : IConsumer<StageCompleted>, IConsumer<StageFailed>, IConsumer<StageExpanded>, IConsumer<StageProgressed>, IConsumer<StageStarted>
        {
            public Task Consume(ConsumeContext<StageCompleted> context) => Tell(context.Message.JobId, context.Message);

            public Task Consume(ConsumeContext<StageFailed> context) => Tell(context.Message.JobId, context.Message);

            public Task Consume(ConsumeContext<StageExpanded> context) => Tell(context.Message.JobId, context.Message);

            public Task Consume(ConsumeContext<StageStarted> context) => Task.CompletedTask;

            public Task Consume(ConsumeContext<StageProgressed> context)
            {
                all.Waiting(context.Message.JobId, context.Message.Activity ?? "").TrySetResult();
                return Task.CompletedTask;
            }

            private Task Tell(Guid job, object answer)
            {
                all.answers[job].TrySetResult(answer);
                return Task.CompletedTask;
            }
        }
    }
}
