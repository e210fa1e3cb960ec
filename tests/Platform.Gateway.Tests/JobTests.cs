using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Gateway.Tests.Support;
using Platform.JobStore.Jobs;

namespace Platform.Gateway.Tests;

public sealed class JobTests(GatewayApp app)
{
    [Fact]
    public async Task Accepts_a_job_and_finds_it_at_once()
    {
        using var response = await app.Client.PostJsonAsync("/v1/jobs", Samples.Film);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var job = await response.ReadJsonAsync();
        var id = job.GetProperty("id").GetGuid();
        Assert.Equal(7, id.Version);
        Assert.Equal($"/v1/jobs/{id}", response.Headers.Location?.ToString());
        Assert.Equal("queued", job.Text("state"));
        Assert.Equal(0, job.GetProperty("progress").GetDouble());
        Assert.Equal("42", job.GetProperty("metadata").Text("order"));
        Assert.Equal(["fetch~1", "page", "final", "publish~"], job.GetProperty("stages").EnumerateArray().Select(stage => stage.Text("name")).Order(StageOrder));
        Assert.Equal(["fetch~1", "publish~"], job.GetProperty("stages").EnumerateArray().Where(stage => stage.GetProperty("internal").GetBoolean()).Select(stage => stage.Text("name")));

        var found = await app.Client.GetAsync($"/v1/jobs/{id}");
        Assert.Equal(await response.Content.ReadAsStringAsync(), await found.Content.ReadAsStringAsync());
        await app.ReceivedAsync<JobSubmitted>(message => message.JobId == id);
    }

    private static readonly Comparer<string> StageOrder = Comparer<string>.Create((a, b) => Rank(a).CompareTo(Rank(b)));
    private static int Rank(string name) => Array.IndexOf(["fetch~1", "page", "final", "publish~"], name);

    [Fact]
    public async Task Writes_row_first_event_and_metadata_in_one_transaction()
    {
        var id = await SubmitAsync(Samples.Film);

        var (job, events, metadata) = await app.WithDatabaseAsync(async db => (
            await db.Jobs.AsNoTracking().SingleAsync(job => job.CorrelationId == id),
            await db.Events.AsNoTracking().Where(e => e.JobId == id).ToListAsync(),
            await db.Metadata.AsNoTracking().Where(m => m.JobId == id).ToListAsync()));

        Assert.Equal((JobStates.Queued, GatewayApp.Tenant, 1), (job.CurrentState, job.Tenant, job.LastEvent));
        Assert.Equal(job.AcceptedAt + TimeSpan.FromSeconds(21_600), job.DeadlineAt);
        Assert.Equal((1, JobEventTypes.Accepted), (Assert.Single(events).Number, events[0].Type));
        Assert.Equal(("order", "42"), (Assert.Single(metadata).Key, metadata[0].Value));
    }

    [Fact]
    public async Task Keeps_the_webhook_secret_out_of_the_row()
    {
        const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        var id = await SubmitAsync(Samples.Capture[..^1] + $$""","webhook":{"url":"https://hooks.example.com/x","secret":"{{Secret}}" } }""");

        var job = await app.WithDatabaseAsync(db => db.Jobs.AsNoTracking().SingleAsync(job => job.CorrelationId == id));

        Assert.DoesNotContain(Secret, JsonSerializer.Serialize(job), StringComparison.Ordinal);
        Assert.Equal("https://hooks.example.com/x", job.Webhook?.Url);
        Assert.NotNull(job.Webhook?.ProtectedSecret);
    }

    [Fact]
    public async Task Takes_the_parameters_of_a_single_stage_as_a_body()
    {
        using var response = await app.Client.PostJsonAsync("/v1/capture", """{"url":"https://example.com","duration":5,"metadata":{"a":"b"},"deadline":60}""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var job = await response.ReadJsonAsync();
        Assert.Equal(["capture", "publish~"], job.GetProperty("stages").EnumerateArray().Select(stage => stage.Text("name")));
        Assert.Equal("b", job.GetProperty("metadata").Text("a"));
    }

    [Theory]
    [InlineData("merge", """{"scenes":[{"video":"https://e.com/a.mp4","voiceover":"https://e.com/a.wav"},{"video":"https://e.com/b.png","length":2}],"transition":"fade"}""", 3)]
    [InlineData("caption", """{"video":"https://e.com/a.mp4","source":{"srt":"https://e.com/a.srt"},"style":"bold"}""", 2)]
    [InlineData("music", """{"video":"https://e.com/a.mp4","music":["https://e.com/a.mp3"],"stems":true}""", 2)]
    [InlineData("transcode", """{"video":"https://e.com/a.mp4","format":"webm","size":"1:1"}""", 1)]
    public async Task Takes_every_stage_alone_and_fetches_what_it_names(string stage, string body, int files)
    {
        using var response = await app.Client.PostJsonAsync($"/v1/{stage}", body);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var job = await response.ReadJsonAsync();
        Assert.Equal(
            [.. Enumerable.Range(1, files).Select(i => $"fetch~{i}"), stage, "publish~"],
            job.GetProperty("stages").EnumerateArray().Select(item => item.Text("name")));
    }

    [Theory]
    [InlineData("merge", """{"scenes":[{"video":"https://e.com/a.mp4"},{"video":"https://e.com/b.mp4","length":"voice"}],"transition":["fade","fade"]}""", "/scenes/1/length", "/transition")]
    [InlineData("caption", """{"video":"https://e.com/a.mp4","source":{"srt":"film.srt","vtt":"b"},"style":"pretty"}""", "/source", "/style")]
    public async Task Reports_problems_of_merge_and_caption_at_their_places_in_the_body(string stage, string body, params string[] pointers)
    {
        using var response = await app.Client.PostJsonAsync($"/v1/{stage}", body);

        var problem = await response.ShouldBeProblemAsync(422, "validation_failed");
        Assert.Equal(pointers, problem.GetProperty("errors").EnumerateArray().Select(error => error.Text("pointer")).Order());
    }

    [Fact]
    public async Task Reports_problems_of_a_single_stage_at_their_places_in_the_body()
    {
        using var response = await app.Client.PostJsonAsync("/v1/capture", """{"url":"https://example.com","duration":1,"colour":"red","deadline":0}""");

        var problem = await response.ShouldBeProblemAsync(422, "validation_failed");
        Assert.Equal(["/colour", "/deadline", "/duration"], problem.GetProperty("errors").EnumerateArray().Select(error => error.Text("pointer")).Order());
    }

    [Fact]
    public async Task Reports_every_problem_of_a_document_at_once()
    {
        using var response = await app.Client.PostJsonAsync("/v1/jobs", """
            {
              "stages": {
                "page":  { "type": "capture", "url": "http://127.0.0.1/", "duration": "20" },
                "final": { "type": "music", "video": "@pag", "music": "upload:00000000-0000-7000-8000-000000000000", "colour": 1 }
              },
              "output": "final"
            }
            """);

        var problem = await response.ShouldBeProblemAsync(422, "validation_failed");
        Assert.Equal(
            ["/stages/final/colour unknown_field", "/stages/final/music unknown_upload", "/stages/final/video unknown_reference", "/stages/page/duration wrong_type", "/stages/page/url url_not_allowed"],
            problem.GetProperty("errors").EnumerateArray().Select(error => $"{error.Text("pointer")} {error.Text("code")}").Order());
    }

    [Fact]
    public async Task Plans_without_storing_anything()
    {
        using var response = await app.Client.PostJsonAsync("/v1/jobs?dryRun=true", Samples.Film.Replace("Launch film", "Dry run", StringComparison.Ordinal), "dry-run");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var plan = await response.ReadJsonAsync();
        Assert.Equal("publish~", plan.GetProperty("order").EnumerateArray().Last().GetString());
        Assert.Equal(100, plan.GetProperty("estimatedSeconds").GetDouble());      // page 90, music 8, publication 2; the fetch runs beside
        Assert.False(await app.WithDatabaseAsync(db => db.Jobs.AnyAsync(job => job.Name == "Dry run")));
        Assert.False(await app.WithDatabaseAsync(db => db.Requests.AnyAsync(request => request.Key == "dry-run")));
    }

    [Fact]
    public async Task Cancels_through_the_saga()
    {
        var id = await SubmitAsync(Samples.Capture);

        using var response = await app.Client.DeleteAsync($"/v1/jobs/{id}");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await app.ReceivedAsync<CancelJob>(message => message.JobId == id);
    }

    [Theory]
    [InlineData(JobStates.Completed)]
    [InlineData(JobStates.Failed)]
    [InlineData(JobStates.Cancelled)]
    public async Task Answers_a_cancel_of_an_ended_job_without_doing_anything(string state)
    {
        var id = await SubmitAsync(Samples.Capture);
        await EndAsync(id, state);

        using var response = await app.Client.DeleteAsync($"/v1/jobs/{id}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(state.ToLowerInvariant(), (await response.ReadJsonAsync()).Text("state"));
        Assert.DoesNotContain(app.Messages.OfType<CancelJob>(), message => message.JobId == id);
    }

    [Fact]
    public async Task Retries_only_a_failed_job()
    {
        var id = await SubmitAsync(Samples.Capture);
        using var early = await app.Client.PostAsync($"/v1/jobs/{id}/retry", null);
        await early.ShouldBeProblemAsync(409, "job_not_failed");
        await EndAsync(id, JobStates.Failed);

        using var response = await app.Client.PostAsync($"/v1/jobs/{id}/retry", null);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await app.ReceivedAsync<RetryJob>(message => message.JobId == id);
    }

    private async Task<Guid> SubmitAsync(string document)
    {
        using var response = await app.Client.PostJsonAsync("/v1/jobs", document);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return (await response.ReadJsonAsync()).GetProperty("id").GetGuid();
    }

    private Task<int> EndAsync(Guid id, string state) => app.WithDatabaseAsync(db => db.Jobs.Where(job => job.CorrelationId == id).ExecuteUpdateAsync(set => set.SetProperty(job => job.CurrentState, state)));
}
