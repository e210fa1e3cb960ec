using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Gateway.Tests.Support;
using Platform.JobStore.Jobs;

namespace Platform.Gateway.Tests;

public sealed class ListTests(GatewayApp app)
{
    private readonly string _tag = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Pages_through_jobs_newest_first_without_gap_or_repeat()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 7; i++) ids.Add(await SubmitAsync());

        var (seen, cursor) = (new List<Guid>(), "");
        do
        {
            var page = await GetAsync($"/v1/jobs?metadata.tag={_tag}&limit=3{cursor}");
            seen.AddRange(Ids(page));
            cursor = page.TryGetProperty("nextCursor", out var next) ? $"&cursor={next.GetString()}" : "";
            if (seen.Count == 3) await SubmitAsync();      // a newer job moves no page
        }
        while (cursor.Length > 0);

        Assert.Equal(ids.AsEnumerable().Reverse(), seen);
    }

    [Fact]
    public async Task Filters_by_state_time_and_metadata()
    {
        var (first, second) = (await SubmitAsync(), await SubmitAsync());
        await app.WithDatabaseAsync(db => db.Jobs.Where(job => job.CorrelationId == second).ExecuteUpdateAsync(set => set.SetProperty(job => job.CurrentState, JobStates.Failed)));
        var accepted = (await GetAsync($"/v1/jobs/{first}")).Text("acceptedAt");

        Assert.Equal([second], Ids(await GetAsync($"/v1/jobs?metadata.tag={_tag}&state=failed")));
        Assert.Equal([second, first], Ids(await GetAsync($"/v1/jobs?metadata.tag={_tag}&state=failed,queued")));
        Assert.Empty(Ids(await GetAsync($"/v1/jobs?metadata.tag={_tag}&state=running")));
        Assert.DoesNotContain(first, Ids(await GetAsync($"/v1/jobs?metadata.tag={_tag}&createdAfter={accepted}")));
        Assert.Empty(Ids(await GetAsync($"/v1/jobs?metadata.tag={_tag}&metadata.other=x")));
        Assert.Empty(Ids(await GetAsync($"/v1/jobs?metadata.tag={_tag}&createdAfter=9999-12-31T23:59:59Z")));
    }

    [Fact]
    public async Task Leaves_stages_out_of_lists()
    {
        await SubmitAsync();
        var job = Assert.Single((await GetAsync($"/v1/jobs?metadata.tag={_tag}")).GetProperty("jobs").EnumerateArray());
        Assert.False(job.TryGetProperty("stages", out _));
        Assert.Equal(_tag, job.GetProperty("metadata").Text("tag"));
    }

    [Fact]
    public async Task Lists_no_other_tenants_jobs()
    {
        await SubmitAsync();
        using var response = await app.Other.GetAsync($"/v1/jobs?metadata.tag={_tag}");
        Assert.Empty(Ids(await response.ReadJsonAsync()));
    }

    [Fact]
    public async Task Refuses_a_filter_that_it_does_not_know()
    {
        using var response = await app.Client.GetAsync("/v1/jobs?stat=failed&limit=x");
        var problem = await response.ShouldBeProblemAsync(422, "validation_failed");
        Assert.Equal(["?stat", "?limit"], problem.GetProperty("errors").EnumerateArray().Select(error => error.Text("pointer")));
    }

    [Fact]
    public async Task Leaves_out_a_job_that_has_not_changed()
    {
        var id = await SubmitAsync();
        using var first = await app.Client.GetAsync($"/v1/jobs/{id}");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{id}") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };

        using var second = await app.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task Tells_progress_by_the_work_that_stages_are()
    {
        var id = await SubmitAsync();
        await app.WithDatabaseAsync(async db =>
        {
            var job = await db.Jobs.SingleAsync(job => job.CorrelationId == id);
            job.CurrentState = JobStates.Running;
            job.Stages =
            [
                new StageState { Name = "page", Type = "capture", Parameters = job.Document.Stages["page"], Status = StageStatus.Running, Attempt = 2 },
                new StageState { Name = "publish~", Type = "publish", Parameters = job.Document.Stages["page"] },
            ];
            db.Progress.Add(new StageProgress { JobId = id, Stage = "page", Attempt = 2, Progress = 0.5, Activity = "filming", ReportedAt = DateTimeOffset.UtcNow });
            return await db.SaveChangesAsync();
        });

        var job = await GetAsync($"/v1/jobs/{id}");

        Assert.Equal(Math.Round(45.0 / 92, 4), job.GetProperty("progress").GetDouble());
        var page = job.GetProperty("stages")[0];
        Assert.Equal(("running", 0.5, "filming"), (page.Text("state"), page.GetProperty("progress").GetDouble(), page.Text("activity")));
        Assert.Equal(Math.Round(45.0 / 92, 4), (await GetAsync($"/v1/jobs?metadata.tag={_tag}")).GetProperty("jobs")[0].GetProperty("progress").GetDouble());
    }

    private async Task<Guid> SubmitAsync()
    {
        using var response = await app.Client.PostJsonAsync("/v1/jobs", Samples.Capture[..^1] + $",\"metadata\":{{\"tag\":\"{_tag}\"}}}}");
        return (await response.ReadJsonAsync()).GetProperty("id").GetGuid();
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await app.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.ReadJsonAsync();
    }

    private static List<Guid> Ids(JsonElement page) => [.. page.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("id").GetGuid())];
}
