using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.JobStore.Tests.Support;
using Platform.Notification.Tests.Support;
using Platform.Notification.Webhooks;

namespace Platform.Notification.Tests;

/// <summary>From the event on the bus to the request at the endpoint, on each database.</summary>
public abstract class DeliveryTests : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"platform-webhooks-{Guid.NewGuid():N}");

    private NotifierSettings _settings = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder);
        _settings = new NotifierSettings(await OpenDatabaseAsync(_folder), Path.Combine(_folder, "secrets"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_settings is not null) await CloseDatabaseAsync(_settings.Database);
        Directory.Delete(_folder, recursive: true);
    }

    protected abstract Task<string> OpenDatabaseAsync(string folder);

    protected abstract Task CloseDatabaseAsync(string database);

    [Fact]
    public async Task Tells_an_endpoint_what_it_waits_for_in_order_and_signed()
    {
        await using var sink = await Sink.StartAsync(200);
        await using var notifier = await Notifier.StartAsync(_settings);
        var job = new Job(sink.Url());

        await notifier.PublishAsync(job.Next(JobEventTypes.Started));
        await notifier.PublishAsync(job.Next(JobEventTypes.StageStarted));
        await notifier.PublishAsync(job.Next(JobEventTypes.StageCompleted, new { stage = "film", type = "music" }));
        await notifier.PublishAsync(job.Next(JobEventTypes.Completed, new { results = new[] { "film" } }));

        var received = await sink.WaitForAsync(3);
        Assert.Equal([JobEventTypes.Started, JobEventTypes.StageCompleted, JobEventTypes.Completed], received.Select(r => r.Json.GetProperty("type").GetString()));
        Assert.Equal([2, 4, 5], received.Select(r => r.Json.GetProperty("data").GetProperty("number").GetInt32()));
        Assert.All(received, r => Assert.Equal((true, "application/json"), (r.IsSignedWith(notifier.Secrets.ForTenant("acme")), r.ContentType)));
        Assert.Equal(3, received.Select(r => r.Id).Distinct().Count());
        var deliveries = await notifier.WaitAsync(job.Id, d => d.Count == 3 && d.All(delivery => delivery.State == DeliveryState.Delivered));
        Assert.All(deliveries, d => Assert.Equal((200, null, 0, null), (d.LastStatus, d.LastCode, d.Failures, d.DueAt)));
    }

    [Fact]
    public async Task Signs_with_the_secret_that_the_job_brought()
    {
        const string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        await using var sink = await Sink.StartAsync(204);
        await using var notifier = await Notifier.StartAsync(_settings);

        await notifier.PublishAsync(new Job(sink.Url(), notifier.Secrets.Protect(secret)).Next(JobEventTypes.Completed));

        Assert.True((await sink.WaitForAsync(1))[0].IsSignedWith(secret));
    }

    [Fact]
    public async Task Sends_nothing_that_it_cannot_sign()
    {
        await using var sink = await Sink.StartAsync(200);
        await using var notifier = await Notifier.StartAsync(_settings);
        var job = new Job(sink.Url(), "not ours");

        await notifier.PublishAsync(job.Next(JobEventTypes.Completed));

        var ended = await notifier.WaitAsync(job.Id, d => d is [{ State: DeliveryState.Failed }]);
        Assert.Equal(FailureCodes.SecretUnreadable, ended[0].LastCode);
        Assert.Empty(sink.All);
    }

    [Fact]
    public async Task Takes_an_event_that_comes_often_for_one()
    {
        await using var sink = await Sink.StartAsync(200);
        await using var notifier = await Notifier.StartAsync(_settings);
        await using var other = await Notifier.StartAsync(_settings);
        var job = new Job(sink.Url());
        var started = job.Next(JobEventTypes.Started);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => (i % 2 == 0 ? notifier : other).TakeInAsync(started))));
        await notifier.TakeInAsync(job.Next(JobEventTypes.Completed));

        await notifier.WaitAsync(job.Id, d => d.Count == 2 && d.All(delivery => delivery.State == DeliveryState.Delivered));
        await notifier.TakeInAsync(started);
        Assert.Equal(2, (await notifier.DeliveriesAsync(job.Id)).Count);
        Assert.Equal(2, sink.All.Count);
    }

    [Fact]
    public async Task Tries_again_with_the_same_id_until_it_is_taken()
    {
        await using var sink = await Sink.StartAsync(500, 404, 200);
        await using var notifier = await Notifier.StartAsync(_settings);
        var job = new Job(sink.Url());

        await notifier.PublishAsync(job.Next(JobEventTypes.Completed));

        var ended = await notifier.WaitAsync(job.Id, d => d is [{ State: DeliveryState.Delivered }]);
        Assert.Equal(2, ended[0].Failures);
        Assert.Equal(3, sink.All.Count);
        Assert.Single(sink.All.Select(r => r.Id).Distinct());
        Assert.Equal([500, 404, 200], (await notifier.AttemptsAsync(job.Id)).Select(a => a.Status!.Value));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Takes_a_redirect_for_a_failure_and_never_follows_it(int status)
    {
        await using var target = await Sink.StartAsync(200);
        await using var sink = await Sink.StartAsync((context, number) =>
        {
            context.Response.StatusCode = number == 1 ? status : 200;
            context.Response.Headers.Location = target.Url();
            return Task.CompletedTask;
        });
        await using var notifier = await Notifier.StartAsync(_settings);
        var job = new Job(sink.Url());

        await notifier.PublishAsync(job.Next(JobEventTypes.Completed));

        await notifier.WaitAsync(job.Id, d => d is [{ State: DeliveryState.Delivered }]);
        Assert.Equal([status, 200], (await notifier.AttemptsAsync(job.Id)).Select(a => a.Status!.Value));
        Assert.Empty(target.All);
    }

    [Fact]
    public async Task Tells_nothing_more_to_an_endpoint_that_is_gone()
    {
        await using var sink = await Sink.StartAsync(410);
        await using var notifier = await Notifier.StartAsync(_settings);
        var (gone, other) = (new Job(sink.Url()), new Job(sink.Url("/other")));

        await notifier.TakeInAsync(gone.Next(JobEventTypes.Started));
        await notifier.TakeInAsync(gone.Next(JobEventTypes.StageCompleted));
        await notifier.WaitAsync(gone.Id, d => d.All(delivery => delivery.EndedAt is not null));
        await notifier.TakeInAsync(gone.Next(JobEventTypes.Completed));
        await notifier.TakeInAsync(other.Next(JobEventTypes.Started));

        await notifier.WaitAsync(other.Id, d => d is [{ EndedAt: not null }]);
        Assert.Equal([DeliveryState.Failed, DeliveryState.Dropped, DeliveryState.Dropped], (await notifier.DeliveriesAsync(gone.Id)).Select(d => d.State));
        Assert.Equal(["/hook", "/other"], sink.All.Select(r => r.Path));
        Assert.Equal("gone", await notifier.ReadAsync(db => db.Endpoints.Where(e => e.Id == gone.Id).Select(e => e.DisabledReason).SingleAsync()));
    }

    [Theory]
    [InlineData(429, "3600", 3600)]
    [InlineData(503, "3600", 3600)]
    [InlineData(429, "Fri, 31 Dec 2500 23:59:59 GMT", 86_400)]
    [InlineData(503, "-1", 0.05)]
    [InlineData(500, "3600", 0.05)]
    public async Task Waits_as_long_as_a_busy_endpoint_asks(int status, string wish, double seconds)
    {
        await using var sink = await Sink.StartAsync((context, number) =>
        {
            context.Response.StatusCode = number == 1 ? status : 200;
            context.Response.Headers.RetryAfter = wish;
            return Task.CompletedTask;
        });
        await using var notifier = await Notifier.BuildAsync(_settings);
        var job = new Job(sink.Url());
        await notifier.TakeInAsync(job.Next(JobEventTypes.Completed));
        var before = _settings.Clock.GetUtcNow();

        Assert.Equal(DeliveryState.Pending, await TryOnceAsync(notifier));

        var due = (await notifier.DeliveriesAsync(job.Id))[0].DueAt!.Value - before;
        Assert.InRange(due.TotalSeconds, seconds * 0.9, seconds * 1.1 + 20);
        _settings.Clock.Advance(TimeSpan.FromSeconds(seconds * 1.1 + 21));
        Assert.Equal(DeliveryState.Delivered, await TryOnceAsync(notifier));
    }

    [Fact]
    public async Task Gives_up_on_silence_and_broken_connections_as_on_any_failure()
    {
        await using var sink = await Sink.StartAsync(async (context, number) =>
        {
            if (number == 1) await Task.Delay(Timeout.Infinite, context.RequestAborted);
            if (number == 2) context.Abort();
        });
        await using var notifier = await Notifier.StartAsync(_settings);
        var job = new Job(sink.Url());

        await notifier.PublishAsync(job.Next(JobEventTypes.Completed));

        await notifier.WaitAsync(job.Id, d => d is [{ State: DeliveryState.Delivered }]);
        var attempts = await notifier.AttemptsAsync(job.Id);
        Assert.Equal(["timeout", "truncated", null], attempts.Select(a => a.Code));
        Assert.InRange(attempts[0].DurationMs, 900, 20_000);
    }

    [Fact]
    public async Task Gives_up_when_the_schedule_ends_and_goes_on_with_what_follows()
    {
        string? started = null;
        await using var sink = await Sink.StartAsync((context, _) =>
        {
            var id = context.Request.Headers["webhook-id"].ToString();
            context.Response.StatusCode = id == (started ??= id) ? 400 : 200;
            return Task.CompletedTask;
        });
        await using var notifier = await Notifier.StartAsync(_settings);
        var job = new Job(sink.Url());
        await notifier.PublishAsync(job.Next(JobEventTypes.Started));
        await notifier.PublishAsync(job.Next(JobEventTypes.Completed));

        var ended = await notifier.WaitAsync(job.Id, d => d.Count == 2 && d.All(delivery => delivery.EndedAt is not null));

        Assert.Equal([DeliveryState.Failed, DeliveryState.Delivered], ended.Select(d => d.State));
        Assert.Equal((4, 400), (ended[0].Failures, ended[0].LastStatus));
    }

    [Fact]
    public async Task Keeps_the_order_of_a_job_while_its_endpoint_blinks()
    {
        await using var sink = await Sink.StartAsync(503, 200);
        await using var notifier = await Notifier.StartAsync(_settings);
        var job = new Job(sink.Url());
        foreach (var type in new[] { JobEventTypes.Started, JobEventTypes.StageCompleted, JobEventTypes.Completed }) await notifier.TakeInAsync(job.Next(type));

        var received = await sink.WaitForAsync(4);

        Assert.Equal([2, 2, 3, 4], received.Select(r => r.Json.GetProperty("data").GetProperty("number").GetInt32()));
    }

    [Fact]
    public async Task Sends_the_same_id_again_when_its_process_died_before_writing_it_down()
    {
        await using var sink = await Sink.StartAsync(200);
        var job = new Job(sink.Url());
        await using (var dying = await Notifier.BuildAsync(_settings))
        {
            await dying.TakeInAsync(job.Next(JobEventTypes.Completed));
            var taken = Assert.Single(await dying.Of<DeliveryTable>().TakeAsync(10, default));
            Assert.Equal(200, (await dying.Of<WebhookSender>().PostAsync(taken, default)).Status);
        }
        await using var next = await Notifier.BuildAsync(_settings);
        Assert.Empty(await next.Of<DeliveryTable>().TakeAsync(10, default));       // the lease still holds

        _settings.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(DeliveryState.Delivered, await TryOnceAsync(next));

        var received = await sink.WaitForAsync(2);
        Assert.Single(received.Select(r => r.Id).Distinct());
        Assert.True(received[1].Timestamp >= received[0].Timestamp + 60);
        Assert.All(received, r => Assert.True(r.IsSignedWith(next.Secrets.ForTenant("acme"))));
    }

    [Fact]
    public async Task Lets_nobody_overwrite_what_another_process_wrote_down()
    {
        await using var sink = await Sink.StartAsync(500, 200);
        var job = new Job(sink.Url());
        await using var paused = await Notifier.BuildAsync(_settings);
        await paused.TakeInAsync(job.Next(JobEventTypes.Completed));
        var taken = Assert.Single(await paused.Of<DeliveryTable>().TakeAsync(10, default));
        var late = await paused.Of<WebhookSender>().PostAsync(taken, default);
        _settings.Clock.Advance(TimeSpan.FromSeconds(60));
        await using var other = await Notifier.BuildAsync(_settings);
        Assert.Equal(DeliveryState.Delivered, await TryOnceAsync(other));

        var verdict = Verdict.On(late, taken.Failures, RetrySchedule.Published, 0);
        Assert.False(await paused.Of<DeliveryTable>().RecordAsync(taken, late, verdict, _settings.Clock.GetUtcNow(), TimeSpan.Zero, default));

        Assert.Equal(DeliveryState.Delivered, (await other.DeliveriesAsync(job.Id))[0].State);
        Assert.Equal([500, 200], (await other.AttemptsAsync(job.Id)).Select(a => a.Status!.Value));
    }

    [Fact]
    public async Task Sends_each_event_once_and_in_order_from_several_processes()
    {
        await using var sink = await Sink.StartAsync(200);
        await using var one = await Notifier.StartAsync(_settings);
        await using var two = await Notifier.StartAsync(_settings);
        var jobs = Enumerable.Range(0, 12).Select(i => new Job(sink.Url($"/{i}"), tenant: $"tenant-{i % 3}")).ToList();

        foreach (var type in new[] { JobEventTypes.Started, JobEventTypes.StageCompleted, JobEventTypes.Completed })
            foreach (var job in jobs) await (job.Id.GetHashCode() % 2 == 0 ? one : two).TakeInAsync(job.Next(type));
        foreach (var job in jobs) await one.WaitAsync(job.Id, d => d.Count == 3 && d.All(delivery => delivery.State == DeliveryState.Delivered));

        Assert.Equal(36, sink.All.Count);
        Assert.Equal(36, sink.All.Select(r => r.Id).Distinct().Count());
        Assert.All(sink.All.GroupBy(r => r.Path), path => Assert.Equal([2, 3, 4], path.Select(r => r.Json.GetProperty("data").GetProperty("number").GetInt32())));
    }

    [Fact]
    public async Task Opens_two_requests_to_a_url_at_most_and_keeps_others_from_waiting()
    {
        using var hold = new SemaphoreSlim(0);
        await using var slow = await Sink.StartAsync((context, _) => hold.WaitAsync(context.RequestAborted));
        await using var quick = await Sink.StartAsync(200);
        await using var one = await Notifier.StartAsync(_settings);
        await using var two = await Notifier.StartAsync(_settings);
        var waiting = Enumerable.Range(0, 6).Select(_ => new Job(slow.Url())).ToList();
        foreach (var job in waiting) await one.TakeInAsync(job.Next(JobEventTypes.Completed));
        await slow.WaitForAsync(2);

        var other = new Job(quick.Url(), tenant: "other");
        await two.TakeInAsync(other.Next(JobEventTypes.Completed));
        await quick.WaitForAsync(1);
        hold.Release(100);

        foreach (var job in waiting) await one.WaitAsync(job.Id, d => d is [{ State: DeliveryState.Delivered }]);
        Assert.Equal(2, slow.MostAtOnce);
    }

    [Fact]
    public async Task Forgets_after_thirty_days_what_has_ended()
    {
        await using var sink = await Sink.StartAsync(200);
        await using var notifier = await Notifier.BuildAsync(_settings);
        var (old, recent, open) = (new Job(sink.Url()), new Job(sink.Url()), new Job(sink.Url()));
        await notifier.TakeInAsync(old.Next(JobEventTypes.Completed));
        await TryOnceAsync(notifier);
        _settings.Clock.Advance(TimeSpan.FromDays(2));
        await notifier.TakeInAsync(recent.Next(JobEventTypes.Completed));
        await TryOnceAsync(notifier);
        await notifier.TakeInAsync(open.Next(JobEventTypes.Completed));

        _settings.Clock.Advance(TimeSpan.FromDays(29));
        await notifier.Of<DeliveryTable>().ExpireAsync(default);

        Assert.Empty(await notifier.DeliveriesAsync(old.Id));
        Assert.Single(await notifier.DeliveriesAsync(recent.Id));
        Assert.Single(await notifier.DeliveriesAsync(open.Id));
        Assert.Equal(2, await notifier.ReadAsync(db => db.Endpoints.CountAsync()));
        Assert.Equal(1, await notifier.ReadAsync(db => db.Attempts.CountAsync()));
    }

    // One round of the delivery, by hand.
    private async Task<DeliveryState> TryOnceAsync(Notifier notifier)
    {
        var taken = Assert.Single(await notifier.Of<DeliveryTable>().TakeAsync(10, default));
        var outcome = await notifier.Of<WebhookSender>().PostAsync(taken, default);
        var verdict = Verdict.On(outcome, taken.Failures, [.. _settings.Schedule.Select(pause => TimeSpan.Parse(pause, null))], 0);
        Assert.True(await notifier.Of<DeliveryTable>().RecordAsync(taken, outcome, verdict, _settings.Clock.GetUtcNow(), TimeSpan.Zero, default));
        return verdict.State;
    }
}

/// <summary>As embedded: a file.</summary>
public sealed class EmbeddedDeliveryTests : DeliveryTests
{
    protected override Task<string> OpenDatabaseAsync(string folder) => Task.FromResult($"Data Source={Path.Combine(folder, "platform.db")}");

    protected override Task CloseDatabaseAsync(string database) => Task.CompletedTask;
}

/// <summary>As deployed: PostgreSQL.</summary>
[Trait("Category", "Integration")]
public sealed class DistributedDeliveryTests(Servers servers) : DeliveryTests
{
    protected override Task<string> OpenDatabaseAsync(string folder) => servers.CreateDatabaseAsync();

    protected override Task CloseDatabaseAsync(string database) => servers.DropDatabaseAsync(database);
}
