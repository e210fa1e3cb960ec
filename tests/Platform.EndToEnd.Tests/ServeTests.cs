using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.EndToEnd.Tests;

/// <summary>The one-process form, killed at bad moments.</summary>
[Trait("Category", "EndToEnd")]
public sealed class ServeTests
{
    /// <summary>One job, killed in each of its states and once between two stages, is done in the end, and no stage of it twice.</summary>
    [Fact]
    public async Task Goes_on_after_a_kill_in_each_state_and_repeats_no_finished_stage()
    {
        await using var server = await Server.StartAsync(Command.NewHome());
        var id = await server.SubmitAsync(duration: 3);
        foreach (var moment in new[] { "job.accepted", "stage.started page", "stage.completed page", "job.publishing" })
        {
            await server.WaitForEventAsync(id, moment);
            await server.KillAsync();
            await server.RestartAsync();
        }
        var job = await server.WaitForEndAsync(id);

        Assert.Equal("completed", job["state"]!.GetValue<string>());
        var events = await server.EventsAsync(id);
        Assert.Single(events, e => e.Type == "job.completed");
        foreach (var stage in new[] { "page", "final", "publish~" })
        {
            Assert.Single(events, e => e == ("stage.completed", stage));
            Assert.DoesNotContain(events.SkipWhile(e => e != ("stage.completed", stage)), e => e == ("stage.started", stage));
        }
        Assert.All(job["stages"]!.AsArray(), stage => Assert.Equal(1, stage!["attempt"]!.GetValue<int>()));
    }

    /// <summary>
    /// Of what is cancelled in mid-take and in mid-encode nothing is left; a third job's server dies while it cancels, and the job is cancelled all the same.
    /// How long it takes is printed and not judged here: beside other tests it says more of them. docs/performance.md has the figures and their limit.
    /// </summary>
    [Fact]
    public async Task Cancels_and_leaves_nothing()
    {
        var home = Command.NewHome();
        await using var server = await Server.StartAsync(home);
        foreach (var activity in new[] { "filming", "composing" })
        {
            var id = await server.SubmitAsync(duration: 6);
            await server.WaitForActivityAsync(id, activity);

            var began = TimeProvider.System.GetTimestamp();
            await server.CancelAsync(id);
            var job = await server.WaitForEndAsync(id);

            Assert.Equal("cancelled", job["state"]!.GetValue<string>());
            await WaitUntilNothingIsLeftAsync();
            TestContext.Current.TestOutputHelper!.WriteLine($"cancelled while {activity}: {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s");
        }

        var last = await server.SubmitAsync(duration: 5);
        await server.WaitForActivityAsync(last, "filming");
        await server.CancelAsync(last);
        await server.WaitForEventAsync(last, "job.cancelling");
        await server.KillAsync();
        await server.RestartAsync();
        Assert.Equal("cancelled", (await server.WaitForEndAsync(last))["state"]!.GetValue<string>());
        Assert.Empty(Command.ProcessesWith(Path.Combine(home, "work")));

        async Task WaitUntilNothingIsLeftAsync()
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (Command.ProcessesWith(Path.Combine(home, "work")).Any() || Directory.EnumerateDirectories(Path.Combine(home, "work")).Any())
                await timer.WaitForNextTickAsync(limit.Token);
        }
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

        public async Task<string> SubmitAsync(int duration)
        {
            var (site, music) = await ExampleFiles.UploadAsync(_http);
            var document = new JsonObject
            {
                ["stages"] = new JsonObject
                {
                    ["page"] = new JsonObject { ["type"] = "capture", ["url"] = site, ["duration"] = duration, ["format"] = new JsonObject { ["width"] = 480, ["height"] = 270 } },
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
