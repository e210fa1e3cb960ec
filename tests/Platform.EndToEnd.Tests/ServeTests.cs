using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.EndToEnd.Tests;

/// <summary>The one-process form, killed at bad moments.</summary>
[Trait("Category", "EndToEnd")]
public sealed class ServeTests
{
    /// <summary>Each state of a job: its event, and stages that must not be done again after it.</summary>
    [Theory]
    [InlineData("job.accepted")]
    [InlineData("stage.started page")]
    [InlineData("stage.completed page")]
    [InlineData("job.publishing")]
    public async Task Goes_on_after_a_kill_and_repeats_no_finished_stage(string moment)
    {
        await using var server = await Server.StartAsync(Command.NewHome());
        var id = await server.SubmitAsync();
        await server.WaitForEventAsync(id, moment);
        await server.KillAsync();

        await server.RestartAsync();
        var job = await server.WaitForEndAsync(id);

        Assert.Equal("completed", job["state"]!.GetValue<string>());
        var events = await server.EventsAsync(id);
        Assert.Single(events, e => e.Type == "job.completed");
        foreach (var stage in events.Where(e => e.Type == "stage.completed").Select(e => e.Stage).Distinct())
            Assert.Single(events, e => e.Type == "stage.completed" && e.Stage == stage);
        var done = moment.Split(' ') is ["stage.completed", var finished] ? finished : moment == "job.publishing" ? "final" : null;
        if (done is not null) Assert.DoesNotContain(events.SkipWhile(e => !(e.Type == "stage.completed" && e.Stage == done)), e => e.Type == "stage.started" && e.Stage == done);
        Assert.All(job["stages"]!.AsArray(), stage => Assert.Equal(1, stage!["attempt"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("filming")]
    [InlineData("composing")]
    public async Task Cancels_within_five_seconds_and_leaves_nothing(string activity)
    {
        var home = Command.NewHome();
        await using var server = await Server.StartAsync(home);
        var id = await server.SubmitAsync(duration: 10);
        await server.WaitForActivityAsync(id, activity);

        var began = TimeProvider.System.GetTimestamp();
        await server.CancelAsync(id);
        var job = await server.WaitForEndAsync(id);

        Assert.Equal("cancelled", job["state"]!.GetValue<string>());
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(8));     // the promise is 5 s on a machine that is not busy with tests
        Assert.Empty(Command.ProcessesWith(Path.Combine(home, "work")));
        Assert.Empty(Directory.GetDirectories(Path.Combine(home, "work")));
    }

    /// <summary>`serve` on a port of its own.</summary>
    private sealed class Server(string home) : IAsyncDisposable
    {
        private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(5) };
        private readonly int _port = Command.FreePort();
        private Command? _command;

        public static async Task<Server> StartAsync(string home)
        {
            var server = new Server(home);
            server._http.BaseAddress = new Uri($"http://127.0.0.1:{server._port}/");
            server._command = Command.Start(home, "serve", "--listen", $"127.0.0.1:{server._port}");
            var key = (await server._command.WaitForLineAsync("Key ")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            server._http.DefaultRequestHeaders.Add("X-Api-Key", key);
            return server;
        }

        public async Task RestartAsync()
        {
            _command = Command.Start(home, "serve", "--listen", $"127.0.0.1:{_port}");
            await _command.WaitForLineAsync("Key ");
        }

        public Task KillAsync() => _command!.KillAsync();

        public async Task<string> SubmitAsync(int duration = 3)
        {
            var (site, music) = await ExampleFiles.UploadAsync(_http);
            var document = new JsonObject
            {
                ["stages"] = new JsonObject
                {
                    ["page"] = new JsonObject { ["type"] = "capture", ["url"] = site, ["duration"] = duration, ["format"] = new JsonObject { ["width"] = 640, ["height"] = 360 } },
                    ["final"] = new JsonObject { ["type"] = "music", ["video"] = "@page", ["music"] = music },
                },
            };
            using var answer = await _http.PostAsJsonAsync("v1/jobs", document);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();
        }

        public async Task CancelAsync(string id)
        {
            using var answer = await _http.DeleteAsync($"v1/jobs/{id}");
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        }

        /// <summary>Reads live events up to one: its type, and the stage after a blank.</summary>
        public async Task WaitForEventAsync(string id, string moment)
        {
            await foreach (var (type, data) in LiveAsync(id))
                if (moment == type || moment == $"{type} {Stage(data)}") return;
            Assert.Fail($"the job ended without {moment}");
        }

        public async Task WaitForActivityAsync(string id, string activity)
        {
            await foreach (var (type, data) in LiveAsync(id))
                if (type == "job.progressed" && data.TryGetProperty("activity", out var said) && said.GetString()?.Contains(activity, StringComparison.Ordinal) == true) return;
            Assert.Fail($"the job ended without {activity}");
        }

        public async Task<JsonObject> WaitForEndAsync(string id)
        {
            await foreach (var _ in LiveAsync(id)) { }      // the stream ends with the job
            return (await _http.GetFromJsonAsync<JsonObject>($"v1/jobs/{id}"))!;
        }

        public async Task<List<(string Type, string Stage)>> EventsAsync(string id)
        {
            var events = new List<(string, string)>();
            await foreach (var (type, data) in LiveAsync(id)) events.Add((type, Stage(data)));
            return events;
        }

        private async IAsyncEnumerable<(string Type, JsonElement Data)> LiveAsync(string id)
        {
            await using var stream = await _http.GetStreamAsync($"v1/jobs/{id}/events");
            await foreach (var item in System.Net.ServerSentEvents.SseParser.Create(stream).EnumerateAsync())
                yield return (item.EventType, JsonElement.Parse(item.Data));
        }

        private static string Stage(JsonElement data) => data.TryGetProperty("stage", out var stage) ? stage.GetString() ?? "" : "";

        public ValueTask DisposeAsync()
        {
            _http.Dispose();
            _command?.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
