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
    private int _jobs;
    private readonly string _home = Command.NewHome();
    private readonly string _port = Command.FreePort().ToString(CultureInfo.InvariantCulture);
    private string _site = "", _music = "", _captions = "", _management = "";

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
        _captions = await ExampleFiles.UploadAsync(Api, "film.srt");
    }

    internal async Task<string> UpAsync()
    {
        var (exit, output, errors) = await ScriptAsync("up", "--allow-private", "--yes");
        return exit == 0 ? output : throw new InvalidOperationException(errors);
    }

    internal async Task<string> SubmitAsync(JsonObject stages)
    {
        var document = new JsonObject { ["stages"] = stages, ["output"] = "final", ["webhook"] = new JsonObject { ["url"] = Hooks.Url, ["secret"] = HookSink.Secret } };
        using var answer = await Api.PostAsJsonAsync("v1/jobs", document);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();
    }

    /// <summary>A small job without a browser that no other test's fingerprints answer.</summary>
    internal JsonObject CardUnderMusic() => new()
    {
        ["card"] = Card(new JsonObject { ["type"] = "shape", ["shape"] = "ellipse", ["fill"] = "#ffb454", ["length"] = 20 + (Interlocked.Increment(ref _jobs) / 10.0) }),
        ["final"] = Music("@card"),
    };

    /// <summary>Every kind of stage, each of which needs the one before it.</summary>
    internal JsonObject EveryStage() => new()
    {
        ["page"] = new JsonObject { ["type"] = "capture", ["url"] = _site, ["duration"] = 3, ["format"] = Size() },
        ["card"] = Card(new JsonObject { ["type"] = "image", ["src"] = "@page.thumbnail", ["kenBurns"] = "in", ["length"] = 10 }),
        ["film"] = new JsonObject { ["type"] = "merge", ["scenes"] = new JsonArray(new JsonObject { ["video"] = "@page" }, new JsonObject { ["video"] = "@card" }), ["transition"] = "fade" },
        ["captioned"] = new JsonObject { ["type"] = "caption", ["video"] = "@film", ["source"] = new JsonObject { ["srt"] = _captions }, ["style"] = "bold" },
        ["scored"] = Music("@captioned"),
        ["final"] = new JsonObject { ["type"] = "transcode", ["video"] = "@scored", ["platform"] = "linkedin" },
    };

    private JsonObject Music(string video) => new() { ["type"] = "music", ["video"] = video, ["music"] = _music };

    private static JsonObject Card(JsonObject clip) => new()
    {
        ["type"] = "render",
        ["template"] = new JsonObject { ["size"] = Size(), ["fps"] = 30, ["background"] = "#0b1020", ["tracks"] = new JsonArray(new JsonObject { ["name"] = "only", ["clips"] = new JsonArray(clip) }) },
    };

    private static JsonObject Size() => new() { ["width"] = 480, ["height"] = 270 };

    internal Task<JsonObject> WaitForEndAsync(string id) => WaitAsync(id, job => job["state"]!.GetValue<string>() is "completed" or "failed" or "cancelled");

    /// <summary>Waits until the gateway says that it misses what was killed; <see cref="UpAsync"/> waits for the opposite.</summary>
    internal async Task WaitUntilUnreadyAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while ((await Api.GetAsync("health/ready", limit.Token)).StatusCode != HttpStatusCode.ServiceUnavailable) await timer.WaitForNextTickAsync(limit.Token);
    }

    /// <summary>What happened and happens to a job until its end: kinds of events, and the stage where there is one.</summary>
    internal async IAsyncEnumerable<(string Type, string Stage)> FollowAsync(string id)
    {
        await using var stream = await Api.GetStreamAsync($"v1/jobs/{id}/events");
        await foreach (var item in System.Net.ServerSentEvents.SseParser.Create(stream).EnumerateAsync())
            yield return (item.EventType, JsonNode.Parse(item.Data)!["stage"]?.GetValue<string>() ?? "");
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
