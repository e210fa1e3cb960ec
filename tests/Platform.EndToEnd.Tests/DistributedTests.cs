using System.Net;

namespace Platform.EndToEnd.Tests;

/// <summary>The distributed form: RabbitMQ, PostgreSQL, S3 and every service a process of its own, any of which may be killed in mid-job.</summary>
[Trait("Category", "EndToEnd")]
public sealed class DistributedTests(Installation installation) : IClassFixture<Installation>
{
    [Fact]
    public async Task Runs_a_job_signs_its_link_and_tells_its_webhook()
    {
        var id = await installation.SubmitAsync(installation.CardUnderMusic());
        var job = await installation.WaitForEndAsync(id);
        Assert.Equal("completed", job["state"]!.GetValue<string>());

        using var link = await installation.Api.GetAsync($"v1/jobs/{id}/artifacts/final.mp4?redirect=true", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, link.StatusCode);
        using var anyone = new HttpClient();
        Assert.NotEmpty(await anyone.GetByteArrayAsync(link.Headers.Location, TestContext.Current.CancellationToken));

        var delivery = await installation.Hooks.WaitAsync("job.completed");
        Assert.Equal(Installation.Signature(delivery), delivery.Headers["webhook-signature"]);

        var queues = await installation.QueuesAsync();
        foreach (var queue in new[] { "jobs", "capture", "render", "merge", "caption", "music", "transcode", "fetch", "publish", "notification", "progress" }) Assert.Contains(queue, queues);
    }

    /// <summary>One job with every kind of stage in a row, during each of which its worker is killed; during the film of the page the one that will publish too.</summary>
    [Fact]
    public async Task Goes_on_by_itself_once_the_worker_of_each_stage_is_back()
    {
        var victims = new Dictionary<string, string[]>
        {
            ["page"] = ["capture", "storage"], ["card"] = ["render"], ["film"] = ["merge"], ["captioned"] = ["caption"], ["scored"] = ["music"], ["final"] = ["transcode"],
        };
        var id = await installation.SubmitAsync(installation.EveryStage());

        await foreach (var (type, stage) in installation.FollowAsync(id))
        {
            if (type != "stage.started" || !victims.Remove(stage, out var services)) continue;
            foreach (var service in services)
            {
                installation.Kill($"services/{service}.pid");
                await installation.UpAsync();
            }
        }

        Assert.Empty(victims);
        await AssertCompletedOnceAsync(id);
    }

    [Theory]
    [InlineData("services/gateway.pid")]
    [InlineData("services/orchestrator.pid")]
    [InlineData("services/notification.pid")]
    [InlineData("rabbitmq/broker.pid")]
    [InlineData("postgres/data/postmaster.pid")]
    public async Task Goes_on_by_itself_once_a_killed_process_is_back(string victim)
    {
        var id = await installation.SubmitAsync(installation.CardUnderMusic());
        await foreach (var (type, stage) in installation.FollowAsync(id))
            if ((type, stage) == ("stage.started", "card")) break;

        installation.Kill(victim);
        if (!victim.StartsWith("services/", StringComparison.Ordinal)) await installation.WaitUntilUnreadyAsync();
        await installation.UpAsync();

        await AssertCompletedOnceAsync(id);
    }

    private async Task AssertCompletedOnceAsync(string id)
    {
        var job = await installation.WaitForEndAsync(id);
        Assert.True(job["state"]!.GetValue<string>() == "completed", job.ToJsonString());
        var events = new List<string>();
        await foreach (var (type, _) in installation.FollowAsync(id)) events.Add(type);
        Assert.Single(events, type => type == "job.completed");
    }
}
