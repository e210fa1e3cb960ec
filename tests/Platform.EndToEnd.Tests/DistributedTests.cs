using System.Net;

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
