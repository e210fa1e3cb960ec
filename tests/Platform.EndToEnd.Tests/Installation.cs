using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Platform.EndToEnd.Tests;

/// <summary>What `./platform up` runs, for one class of tests.</summary>
public sealed class Installation : IAsyncLifetime
{
    private static int _jobs;

    private readonly string _home = Command.NewHome();
    private readonly string _port = Command.FreePort().ToString(CultureInfo.InvariantCulture);
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
        (_site, _music) = await ExampleFiles.UploadAsync(Api);
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
        start.Environment["PLATFORM_PORT"] = _port;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }
}
