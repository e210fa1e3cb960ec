using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.EndToEnd.Tests;

/// <summary>The distributed form: RabbitMQ, PostgreSQL, S3 and every service a process of its own, any of which may be killed in mid-job.</summary>
[Trait("Category", "EndToEnd")]
public sealed class DistributedTests(Installation installation) : IClassFixture<Installation>
{
    [Fact]
    public async Task Runs_a_job_signs_its_link_and_tells_its_webhook()
    {
        var id = await installation.SubmitAsync(duration: 3);
        var job = await installation.WaitForEndAsync(id);
        Assert.Equal("completed", job["state"]!.GetValue<string>());

        using var link = await installation.Api.GetAsync($"v1/jobs/{id}/artifacts/final.mp4?redirect=true", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, link.StatusCode);
        using var anyone = new HttpClient();
        Assert.NotEmpty(await anyone.GetByteArrayAsync(link.Headers.Location, TestContext.Current.CancellationToken));

        var delivery = await installation.Hooks.WaitAsync("job.completed");
        Assert.Equal(Installation.Signature(delivery), delivery.Headers["webhook-signature"]);

        var queues = await installation.QueuesAsync();
        foreach (var queue in new[] { "jobs", "capture", "music", "fetch", "publish", "notification", "progress" }) Assert.Contains(queue, queues);
    }

    [Theory]
    [InlineData("services/gateway.pid")]
    [InlineData("services/orchestrator.pid")]
    [InlineData("services/capture.pid")]
    [InlineData("services/music.pid")]
    [InlineData("services/storage.pid")]
    [InlineData("services/notification.pid")]
    [InlineData("rabbitmq/broker.pid")]
    [InlineData("postgres/data/postmaster.pid")]
    public async Task Goes_on_by_itself_once_a_killed_process_is_back(string victim)
    {
        var id = await installation.SubmitAsync(duration: 3);
        await installation.WaitForStageAsync(id, "page", "running");

        installation.Kill(victim);
        await installation.UpAsync();
        var job = await installation.WaitForEndAsync(id);

        Assert.Equal("completed", job["state"]!.GetValue<string>());
        Assert.Single(await installation.EventTypesAsync(id), type => type == "job.completed");
    }
}

/// <summary>What `./platform up` runs, for one class of tests.</summary>
public sealed class Installation : IAsyncLifetime
{
    private static int _jobs;

    private readonly string _home = Command.NewHome();
    private string _site = "", _music = "", _management = "";

    internal HttpClient Api { get; } = new(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromMinutes(2) };
    internal HookSink Hooks { get; } = new();

    private string Up => Path.Combine(_home, "up");

    public async ValueTask InitializeAsync()
    {
        await Hooks.StartAsync();
        var said = await UpAsync();
        string Value(string name) => said.Split('\n').Single(line => line.StartsWith(name.PadRight(12), StringComparison.Ordinal))[12..].Split(' ')[0];
        Api.BaseAddress = new Uri(Value("API").Replace("/v1", "/", StringComparison.Ordinal));
        Api.DefaultRequestHeaders.Add("X-Api-Key", Value("API key"));
        _management = Value("RabbitMQ");
        _site = await UploadSiteAsync();
        _music = await ReferenceAsync(await Api.PostAsync("v1/uploads", Bytes(await File.ReadAllBytesAsync(Path.Combine(Command.Root, "examples", "music.ogg")))));
    }

    internal async Task<string> UpAsync()
    {
        var (exit, output, errors) = await ScriptAsync("up", "--allow-private", "--yes");
        return exit == 0 ? output : throw new InvalidOperationException(errors);
    }

    /// <summary>A job that no other test's fingerprints answer.</summary>
    internal async Task<string> SubmitAsync(double duration)
    {
        var document = new JsonObject
        {
            ["stages"] = new JsonObject
            {
                ["page"] = new JsonObject { ["type"] = "capture", ["url"] = _site, ["duration"] = duration + (Interlocked.Increment(ref _jobs) / 10.0), ["format"] = new JsonObject { ["width"] = 640, ["height"] = 360 } },
                ["final"] = new JsonObject { ["type"] = "music", ["video"] = "@page", ["music"] = _music },
            },
            ["webhook"] = new JsonObject { ["url"] = Hooks.Url, ["secret"] = HookSink.Secret },
        };
        using var answer = await Api.PostAsJsonAsync("v1/jobs", document);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();
    }

    internal Task<JsonObject> WaitForEndAsync(string id) => WaitAsync(id, job => job["state"]!.GetValue<string>() is "completed" or "failed" or "cancelled");

    internal Task<JsonObject> WaitForStageAsync(string id, string stage, string state) =>
        WaitAsync(id, job => job["stages"]!.AsArray().Any(s => s!["name"]!.GetValue<string>() == stage && s["state"]!.GetValue<string>() == state));

    internal async Task<List<string>> EventTypesAsync(string id)
    {
        var types = new List<string>();
        await using var stream = await Api.GetStreamAsync($"v1/jobs/{id}/events");
        await foreach (var item in System.Net.ServerSentEvents.SseParser.Create(stream).EnumerateAsync()) types.Add(item.EventType);
        return types;
    }

    internal void Kill(string pidFile) => Process.GetProcessById(int.Parse(File.ReadLines(Path.Combine(Up, pidFile)).First(), CultureInfo.InvariantCulture)).Kill();

    internal async Task<List<string>> QueuesAsync()
    {
        var password = (await File.ReadAllTextAsync(Path.Combine(Up, "rabbitmq", "operator-password"))).Trim();
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"operator:{password}")));
        var queues = await http.GetFromJsonAsync<JsonArray>(new Uri(new Uri(_management), "api/queues"));
        return [.. queues!.Select(queue => queue!["name"]!.GetValue<string>())];
    }

    internal static string Signature(HookDelivery delivery)
    {
        var key = Convert.FromBase64String(HookSink.Secret["whsec_".Length..]);
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{delivery.Headers["webhook-id"]}.{delivery.Headers["webhook-timestamp"]}.{delivery.Body}")));
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await Hooks.DisposeAsync();
        var (exit, _, errors) = await ScriptAsync("down");
        Assert.True(exit == 0, errors);
        Assert.Empty(Command.ProcessesWith(_home));
        Directory.Delete(_home, recursive: true);
    }

    // Polled, for the gateway itself may be the one that was killed.
    private async Task<JsonObject> WaitAsync(string id, Func<JsonObject, bool> until)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(5); await timer.WaitForNextTickAsync())
        {
            try
            {
                using var answer = await Api.GetAsync($"v1/jobs/{id}");
                if (answer.IsSuccessStatusCode && await answer.Content.ReadFromJsonAsync<JsonObject>() is { } job && until(job)) return job;
            }
            catch (HttpRequestException) { }    // not there at the moment: that is what is tested
        }
        throw new TimeoutException($"job {id}: {await Api.GetStringAsync($"v1/jobs/{id}")}");
    }

    private async Task<(int Exit, string Output, string Errors)> ScriptAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(Path.Combine(Command.Root, "platform"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["PLATFORM_HOME"] = _home;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }

    private async Task<string> UploadSiteAsync()
    {
        var folder = Path.Combine(Command.Root, "examples", "site");
        using var content = new MultipartFormDataContent();
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)) content.Add(Bytes(await File.ReadAllBytesAsync(path)), "files", Path.GetRelativePath(folder, path));
        return await ReferenceAsync(await Api.PostAsync("v1/sites", content));
    }

    private static async Task<string> ReferenceAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonObject>())!["reference"]!.GetValue<string>();

    private static ByteArrayContent Bytes(byte[] bytes) => new(bytes) { Headers = { ContentType = new("application/octet-stream") } };
}

/// <summary>A webhook as it arrived.</summary>
internal sealed record HookDelivery(IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>Receives webhooks.</summary>
internal sealed class HookSink : IAsyncDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly ConcurrentQueue<HookDelivery> _deliveries = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private WebApplication? _app;

    public string Url => _app!.Urls.First();

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            _deliveries.Enqueue(new HookDelivery(context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()), await reader.ReadToEndAsync()));
            context.Response.StatusCode = 204;
            _arrived.Release();
        });
        await _app.StartAsync();
    }

    public async Task<HookDelivery> WaitAsync(string type)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            if (_deliveries.FirstOrDefault(delivery => delivery.Body.Contains($"\"{type}\"", StringComparison.Ordinal)) is { } found) return found;
            await _arrived.WaitAsync(limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        _arrived.Dispose();
    }
}
