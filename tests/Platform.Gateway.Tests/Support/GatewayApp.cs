using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Artifacts;
using Platform.Contracts;
using Platform.Gateway.Access;
using Platform.JobStore.Jobs;
using Platform.JobStore.Storage;
using Platform.ServiceDefaults;

[assembly: AssemblyFixture(typeof(Platform.Gateway.Tests.Support.GatewayApp))]

namespace Platform.Gateway.Tests.Support;

/// <summary>The API as its host composes it, on a real server: SQLite in a file, the bus and the files in memory. The saga's place is taken by <see cref="Messages"/>.</summary>
public sealed class GatewayApp : IAsyncLifetime
{
    public const string Tenant = "acme";
    public const string OtherTenant = "globex";

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-tests-").FullName;
    private WebApplication _app = null!;

    /// <summary>Opens everything of <see cref="Tenant"/>.</summary>
    public string Key { get; } = ApiKey.Create();

    /// <summary>Opens everything of <see cref="OtherTenant"/>.</summary>
    public string OtherKey { get; } = ApiKey.Create();

    /// <summary>Lets <see cref="Tenant"/> look only.</summary>
    public string ReadKey { get; } = ApiKey.Create();

    public HttpClient Client { get; private set; } = null!;
    public HttpClient Other { get; private set; } = null!;

    /// <summary>Every message that reached the queues of the saga and of Storage.</summary>
    public ConcurrentQueue<object> Messages { get; } = new();

    internal MemoryStore Store { get; } = new();
    public IServiceProvider Services => _app.Services;
    public Uri Address { get; private set; } = null!;

    /// <summary>Set before the start.</summary>
    public Dictionary<string, string?> Settings { get; } = new();

    /// <summary>Whether there is a database to begin with.</summary>
    public bool HasDatabase { get; init; } = true;

    /// <summary>Changed before the start.</summary>
    public Action<IServiceCollection>? Replace { get; set; }

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Platform"] = $"Data Source={_folder}/platform.db",
            ["Gateway:Heartbeat"] = "00:00:00.500",
            ["Gateway:MaxUploadBytes"] = "3000000",
            ["Artifacts:Folder"] = $"{_folder}/artifacts",
            ["DataProtection:Folder"] = $"{_folder}/secrets",
            ["Access:Keys:0:Sha256"] = ApiKey.Hash(Key),
            ["Access:Keys:0:Tenant"] = Tenant,
            ["Access:Keys:1:Sha256"] = ApiKey.Hash(OtherKey),
            ["Access:Keys:1:Tenant"] = OtherTenant,
            ["Access:Keys:2:Sha256"] = ApiKey.Hash(ReadKey),
            ["Access:Keys:2:Tenant"] = Tenant,
            ["Access:Keys:2:Scopes:0"] = Scopes.ReadJobs,
        });
        builder.Configuration.AddInMemoryCollection(Settings);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults("gateway");
        builder.AddGateway();
        builder.Services.AddSingleton<IArtifactStore>(Store);     // the last one counts
        builder.Services.AddSingleton(Messages);
        builder.AddBus(bus =>
        {
            bus.AddGateway();
            bus.AddConsumer<SagaStandIn, SagaStandInDefinition>();
            bus.AddConsumer<StorageStandIn, StorageStandInDefinition>();
            bus.AddConsumer<RenderStandIn, RenderStandInDefinition>();
            bus.AddConsumer<LintStandIn, LintStandInDefinition>();
        });
        Replace?.Invoke(builder.Services);

        _app = builder.Build();
        _app.MapGateway();
        _app.MapHealth();
        if (HasDatabase) await _app.Services.GetRequiredService<IStoreMigrator>().MigrateAsync();
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
        Client = ClientOf(Key);
        Other = ClientOf(OtherKey);
    }

    public HttpClient ClientOf(string? key)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = System.Net.DecompressionMethods.None }) { BaseAddress = Address };
        if (key is not null) client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return client;
    }

    /// <summary>Works on the database as the saga would.</summary>
    public async Task<T> WithDatabaseAsync<T>(Func<JobDbContext, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<JobDbContext>());
    }

    /// <summary>Waits for a message at the saga's queue.</summary>
    public async Task<T> ReceivedAsync<T>(Func<T, bool> wanted) where T : class
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        do
        {
            if (Messages.OfType<T>().FirstOrDefault(wanted) is { } message) return message;
        }
        while (await timer.WaitForNextTickAsync(limit.Token));
        throw new InvalidOperationException();
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        Other?.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class SagaStandIn(ConcurrentQueue<object> messages) : IConsumer<JobSubmitted>, IConsumer<CancelJob>, IConsumer<RetryJob>
    {
        public Task Consume(ConsumeContext<JobSubmitted> context) => Keep(context.Message);
        public Task Consume(ConsumeContext<CancelJob> context) => Keep(context.Message);
        public Task Consume(ConsumeContext<RetryJob> context) => Keep(context.Message);

        private Task Keep(object message)
        {
            messages.Enqueue(message);
            return Task.CompletedTask;
        }
    }

    private sealed class StorageStandIn(ConcurrentQueue<object> messages) : IConsumer<JobPurged>
    {
        public Task Consume(ConsumeContext<JobPurged> context)
        {
            messages.Enqueue(context.Message);
            return Task.CompletedTask;
        }
    }

    // Draws a template's first text and the time, unless the text is "fail".
    private sealed class RenderStandIn(IArtifactStore store) : IConsumer<PreviewTemplate>
    {
        public async Task Consume(ConsumeContext<PreviewTemplate> context)
        {
            var question = context.Message;
            var text = question.Template.GetProperty("tracks")[0].GetProperty("clips")[0].GetProperty("text").GetString();
            if (text == "fail")
            {
                await context.RespondAsync(new TemplatePreviewed { Failure = new StageFailure("render.unknown_font", FailureKind.Permanent, "No such font.") });
                return;
            }

            using var picture = new MemoryStream(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{text} at {question.At}")));
            await context.RespondAsync(new TemplatePreviewed { Picture = await store.PutAsync(question.Tenant, picture, 1000, "image/png", context.CancellationToken) });
        }
    }

    private sealed class RenderStandInDefinition : ConsumerDefinition<RenderStandIn>
    {
        public RenderStandInDefinition() => EndpointName = Queues.Preview;
    }

    // Has something to say of the first clip.
    private sealed class LintStandIn : IConsumer<LintTemplate>
    {
        public Task Consume(ConsumeContext<LintTemplate> context) =>
            context.RespondAsync(new TemplateLinted { Warnings = [new LayoutWarning("/tracks/0/clips/0", "text_outside_safe_zone", context.Message.SafeZone, 1.5)] });
    }

    private sealed class LintStandInDefinition : ConsumerDefinition<LintStandIn>
    {
        public LintStandInDefinition() => EndpointName = Queues.Lint;
    }

    private sealed class StorageStandInDefinition : ConsumerDefinition<StorageStandIn>
    {
        public StorageStandInDefinition() => EndpointName = Queues.Artifacts;
    }

    private sealed class SagaStandInDefinition : ConsumerDefinition<SagaStandIn>
    {
        public SagaStandInDefinition() => EndpointName = Queues.Jobs;
    }
}

internal static class HttpSteps
{
    public static Task<HttpResponseMessage> PostJsonAsync(this HttpClient client, string path, string json, string? idempotencyKey = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(json) };
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        return client.SendAsync(request);
    }

    public static Task<HttpResponseMessage> PutJsonAsync(this HttpClient client, string path, string json) => client.PutAsync(path, Json(json));

    public static ByteArrayContent Json(string json) => new(Encoding.UTF8.GetBytes(json)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    public static async Task<JsonElement> ReadJsonAsync(this HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return JsonDocument.Parse(text).RootElement;
    }

    public static string Text(this JsonElement element, string property) => element.GetProperty(property).GetString()!;

    /// <summary>Asserts a problem: its status, its code, its media type, and that it shows nothing of our inside.</summary>
    public static async Task<JsonElement> ShouldBeProblemAsync(this HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} instead of {status}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotMatch("(?i)exception|   at |\\.cs:|sqlite|npgsql|select |/tmp/|localhost", text);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(code, problem.Text("code"));
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        return problem;
    }
}
