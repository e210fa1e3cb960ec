using System.Diagnostics;
using System.Globalization;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.JobStore.Outbox;
using Platform.JobStore.Tests.Support;

namespace Platform.JobStore.Tests;

/// <summary>What holds in both forms: in one process on SQLite, and on PostgreSQL and RabbitMQ.</summary>
public abstract class StoreTests(ITestOutputHelper output) : IAsyncLifetime
{
    private protected StudioSettings Settings { get; private set; } = null!;

    private protected abstract Task<StudioSettings> PrepareAsync();
    protected abstract Task CleanUpAsync();

    public async ValueTask InitializeAsync() => Settings = await PrepareAsync();

    public async ValueTask DisposeAsync()
    {
        if (Settings is not null) await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    private protected Task<Studio> OpenAsync(Func<StudioSettings, StudioSettings>? change = null) => Studio.OpenAsync(change?.Invoke(Settings) ?? Settings);

    [Fact]
    public async Task Keeps_a_saga_and_sends_what_follows()
    {
        await using var studio = await OpenAsync();
        var job = Guid.CreateVersion7();

        await studio.StartFilmAsync(job, 2);
        await studio.PublishAsync(new SceneReady(job, 1), new SceneReady(job, 2));

        var ready = Assert.Single(await studio.Inbox.WaitForAsync<FilmReady>(1));
        Assert.Equal(new FilmReady(job, 2), ready.Message);
        Assert.Equal("Done", (await studio.FindAsync(job))!.CurrentState);
        await studio.WaitForEmptyOutboxAsync();
    }

    [Fact]
    public async Task Sends_nothing_of_what_was_not_committed()
    {
        await using var studio = await OpenAsync();
        var (unsaved, rolledBack, kept) = (new Note(Guid.NewGuid(), 1), new Note(Guid.NewGuid(), 2), new Note(Guid.NewGuid(), 3));

        await studio.InScopeAsync(async (_, services) =>
        {
            await services.GetRequiredService<IPublishEndpoint>().Publish(unsaved);
            return 0;
        });
        await studio.InScopeAsync(async (db, services) =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await services.GetRequiredService<IPublishEndpoint>().Publish(rolledBack);
            await db.SaveChangesAsync();
            await transaction.RollbackAsync();
            return 0;
        });
        await studio.PublishAsync(kept);

        await studio.Inbox.WaitForAsync<Note>(1);
        await studio.WaitForEmptyOutboxAsync();
        Assert.Equal([kept], studio.Inbox.Of<Note>().Select(m => m.Message));
    }

    [Fact]
    public async Task Sends_and_keeps_nothing_when_a_saga_throws()
    {
        await using var studio = await OpenAsync();
        var job = Guid.CreateVersion7();

        await studio.StartFilmAsync(job, 2);
        await studio.PublishAsync(new SceneReady(job, 1), new SceneBroken(job));

        await studio.Inbox.WaitForAsync<Fault<SceneBroken>>(1);
        await studio.PublishAsync(new SceneReady(job, 2));
        var ready = await studio.Inbox.WaitForAsync<FilmReady>(1);
        Assert.Equal([new FilmReady(job, 2)], ready.Select(m => m.Message));
    }

    [Fact]
    public async Task Fifty_messages_at_once_lose_no_update()
    {
        await using var studio = await OpenAsync();
        var job = Guid.CreateVersion7();
        await studio.StartFilmAsync(job, 50);

        var bus = studio.Services.GetRequiredService<IBus>();
        await Task.WhenAll(Enumerable.Range(1, 50).Select(number => bus.Publish(new SceneReady(job, number))));

        await studio.Inbox.WaitForAsync<FilmReady>(1);
        Assert.Equal(50, (await studio.FindAsync(job))!.Ready);
    }

    [Fact]
    public async Task Two_messages_that_start_one_saga_start_it_once()
    {
        await using var studio = await OpenAsync();
        var job = Guid.CreateVersion7();
        var bus = studio.Services.GetRequiredService<IBus>();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => bus.Publish(new StartFilm(job, 1))));
        await studio.WaitForFilmAsync(job);
        await studio.PublishAsync(new SceneReady(job, 1));

        await studio.Inbox.WaitForAsync<FilmReady>(1);
        Assert.Equal(1, await studio.InScopeAsync((db, _) => db.Films.CountAsync()));
    }

    [Fact]
    public async Task A_message_without_a_saga_is_handled_as_the_machine_says()
    {
        await using var studio = await OpenAsync();
        var nobody = Guid.CreateVersion7();

        await studio.PublishAsync(new SceneReady(nobody, 1), new SceneBroken(nobody));

        var fault = Assert.Single(await studio.Inbox.WaitForAsync<Fault<SceneBroken>>(1));
        Assert.Contains("SagaException", fault.Message.Exceptions[0].ExceptionType, StringComparison.Ordinal);
        Assert.Null(await studio.FindAsync(nobody));
    }

    [Fact]
    public async Task A_delayed_message_leaves_when_it_is_due_and_not_once_it_is_cancelled()
    {
        await using var studio = await OpenAsync();
        var (late, cancelled) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        var began = Stopwatch.GetTimestamp();
        await studio.StartFilmAsync(cancelled, 1);
        await studio.PublishAsync(new StartFilm(late, 9), new SceneReady(cancelled, 1));

        await studio.Inbox.WaitForAsync<FilmReady>(1);          // unscheduled by the saga
        await studio.Inbox.WaitForAsync<Note>(1, note => note.JobId == late);
        Assert.True(Stopwatch.GetElapsedTime(began) > TimeSpan.FromMilliseconds(300));
        await studio.WaitForEmptyOutboxAsync();
        Assert.DoesNotContain(studio.Inbox.Of<Note>(), note => note.Message.JobId == cancelled);
    }

    [Fact]
    public async Task A_request_may_schedule_and_cancel()
    {
        await using var studio = await OpenAsync();
        var token = await studio.InScopeAsync(async (db, services) =>
        {
            var scheduler = services.GetRequiredService<IMessageScheduler>();
            var scheduled = await scheduler.SchedulePublish(DateTime.UtcNow.AddHours(1), new Note(Guid.NewGuid(), 1));
            await db.SaveChangesAsync();
            return scheduled.TokenId;
        });
        Assert.Equal(1, await studio.CountOutboxAsync());

        await studio.InScopeAsync(async (_, services) =>
        {
            await services.GetRequiredService<IMessageScheduler>().CancelScheduledSend(new Uri("exchange:any"), token);
            return 0;
        });

        Assert.Equal(0, await studio.CountOutboxAsync());
    }

    [Fact]
    public async Task What_a_dead_process_had_taken_is_sent_by_another()
    {
        await using (var dead = await OpenAsync(s => s with { Delivers = false, Consumes = false }))
        {
            await dead.PublishAsync(new Note(Guid.NewGuid(), 1), new Note(Guid.NewGuid(), 2));
            var taken = await dead.Services.GetRequiredService<OutboxTable<FilmDbContext>>().TakeAsync(1, TimeSpan.FromSeconds(2), CancellationToken.None);
            Assert.Single(taken);
        }

        await using var other = await OpenAsync();
        await other.Inbox.WaitForAsync<Note>(2);
        await other.WaitForEmptyOutboxAsync();
        Assert.Equal([1, 2], other.Inbox.Of<Note>().Select(m => m.Message.Number).Order());
    }

    [Fact]
    public async Task Messages_of_one_job_leave_in_the_order_of_writing()
    {
        await using var studio = await OpenAsync(s => s with { ConsumerLimit = 1 });
        var jobs = Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7()).ToList();

        for (var number = 0; number < 40; number++) await studio.PublishAsync([.. jobs.Select(job => new Note(job, number))]);

        await studio.Inbox.WaitForAsync<Note>(200);
        foreach (var job in jobs)
        {
            Assert.Equal(Enumerable.Range(0, 40), studio.Inbox.Of<Note>().Where(m => m.Message.JobId == job).Select(m => m.Message.Number));
        }
    }

    [Fact]
    public async Task A_commit_wakes_the_delivery()
    {
        await using var studio = await OpenAsync(s => s with { QueryDelay = TimeSpan.FromHours(1) });
        await studio.PublishAsync(new Note(Guid.NewGuid(), 1));
        await studio.Inbox.WaitForAsync<Note>(1);

        await studio.InScopeAsync(async (db, services) =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await services.GetRequiredService<IPublishEndpoint>().Publish(new Note(Guid.NewGuid(), 2));
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
            return 0;
        });
        await studio.Inbox.WaitForAsync<Note>(2);
    }

    [Fact]
    public async Task A_trace_goes_on_behind_the_outbox()
    {
        var consumed = new TaskCompletionSource<Activity>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var request = new Activity("request");
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "MassTransit",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == request.TraceId && activity.Kind == ActivityKind.Consumer) consumed.TrySetResult(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var studio = await OpenAsync();

        request.SetIdFormat(ActivityIdFormat.W3C).Start();
        await studio.PublishAsync(new Note(Guid.NewGuid(), 1));
        request.Stop();

        await consumed.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task The_monitor_tells_what_is_due_and_for_how_long()
    {
        await using var studio = await OpenAsync(s => s with { Delivers = false, Consumes = false });
        var monitor = studio.Services.GetRequiredService<IOutboxMonitor>();
        Assert.Equal(new OutboxBacklog(0, TimeSpan.Zero, 0), await monitor.ReadAsync());

        await studio.InScopeAsync(async (db, services) =>
        {
            var publish = services.GetRequiredService<IPublishEndpoint>();
            await publish.Publish(new Note(Guid.NewGuid(), 1));
            await publish.Publish(new Note(Guid.NewGuid(), 2), context => context.Delay = TimeSpan.FromHours(1));
            await db.SaveChangesAsync();
            return await db.Database.ExecuteSqlRawAsync(db.Database.IsSqlite()
                ? "UPDATE films_outbox_message SET written_at = '2026-01-01T00:00:00.000000Z' WHERE due_at IS NULL"
                : "UPDATE films.outbox_message SET written_at = now() - interval '1 day' WHERE due_at IS NULL");
        });

        var backlog = await monitor.ReadAsync();
        Assert.Equal(1, backlog.Count);
        Assert.True(backlog.OldestAge >= TimeSpan.FromDays(1) - TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Times_are_compared_and_sorted_in_sql()
    {
        await using var studio = await OpenAsync(s => s with { Delivers = false, Consumes = false });
        var noon = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(5));       // 07:00 UTC
        await studio.InScopeAsync(async (db, _) =>
        {
            db.AddRange(
                new Film { CorrelationId = Guid.NewGuid(), Scenes = 2, StartedAt = noon.AddMicroseconds(1) },
                new Film { CorrelationId = Guid.NewGuid(), Scenes = 1, StartedAt = noon },
                new Film { CorrelationId = Guid.NewGuid(), Scenes = 3, StartedAt = noon.ToUniversalTime().AddHours(1) });
            return await db.SaveChangesAsync();
        });

        var later = await studio.InScopeAsync((db, _) => db.Films.Where(f => f.StartedAt > noon).OrderByDescending(f => f.StartedAt).ToListAsync());
        Assert.Equal([3, 2], later.Select(film => film.Scenes));
        Assert.Equal(noon.AddMicroseconds(1), later[1].StartedAt);
    }

    [Fact]
    public async Task A_thousand_messages_leave_quickly()
    {
        await using var studio = await OpenAsync();
        var notes = Enumerable.Range(0, 1000).Select(number => (object)new Note(Guid.NewGuid(), number)).ToArray();

        var began = Stopwatch.GetTimestamp();
        foreach (var few in notes.Chunk(50)) await studio.PublishAsync(few);
        var written = Stopwatch.GetElapsedTime(began);
        await studio.Inbox.WaitForAsync<Note>(1000);
        var arrived = Stopwatch.GetElapsedTime(began);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"1,000 messages: written in {written.TotalSeconds:0.00} s, all arrived after {arrived.TotalSeconds:0.00} s: {1000 / arrived.TotalSeconds:0}/s"));
        await studio.WaitForEmptyOutboxAsync();
        Assert.Equal(1000, studio.Inbox.Of<Note>().Count());
    }
}

internal static class StudioWaits
{
    public static Task WaitForFilmAsync(this Studio studio, Guid job) => studio.WaitAsync(async () => await studio.FindAsync(job) is not null);

    public static async Task StartFilmAsync(this Studio studio, Guid job, int scenes)
    {
        await studio.PublishAsync(new StartFilm(job, scenes));
        await studio.WaitForFilmAsync(job);
    }
}
