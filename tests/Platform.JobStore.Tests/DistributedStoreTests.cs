using System.Diagnostics;
using System.Globalization;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.JobStore.Outbox;
using Platform.JobStore.Tests.Support;

namespace Platform.JobStore.Tests;

/// <summary>As it is deployed: PostgreSQL and RabbitMQ, several processes.</summary>
[Trait("Category", "Integration")]
public sealed class DistributedStoreTests(Servers servers, ITestOutputHelper output) : StoreTests(output)
{
    private readonly ITestOutputHelper _output = output;

    private protected override async Task<StudioSettings> PrepareAsync() =>
        new($"t{Guid.NewGuid():N}"[..9], await servers.CreateDatabaseAsync(), await servers.RabbitAsync());

    protected override Task CleanUpAsync() => servers.DropDatabaseAsync(Settings.Database);

    [Fact]
    public async Task Several_processes_deliver_one_outbox_and_lose_nothing()
    {
        await using var first = await OpenAsync();
        await using var second = await OpenAsync(s => s with { Consumes = false });
        await using var third = await OpenAsync(s => s with { Consumes = false });
        var writers = new[] { first, second, third };

        await Task.WhenAll(writers.Select(async (writer, w) =>
        {
            for (var i = 0; i < 10; i++)
            {
                await writer.PublishAsync([.. Enumerable.Range(0, 20).Select(n => new Note(Guid.NewGuid(), (w * 1000) + (i * 20) + n))]);
            }
        }));

        await first.Inbox.WaitForAsync<Note>(600);
        await first.WaitForEmptyOutboxAsync();
        var numbers = first.Inbox.Of<Note>().Select(m => m.Message.Number).ToList();
        Assert.Equal(600, numbers.Distinct().Count());
        _output.WriteLine($"600 messages, 3 deliverers: {numbers.Count - 600} came twice");
        Assert.InRange(numbers.Count, 600, 606);
    }

    [Fact]
    public async Task Several_processes_keep_the_order_of_a_job()
    {
        await using var first = await OpenAsync(s => s with { ConsumerLimit = 1 });
        await using var second = await OpenAsync(s => s with { Consumes = false });
        await using var third = await OpenAsync(s => s with { Consumes = false });
        var jobs = Enumerable.Range(0, 4).Select(_ => Guid.CreateVersion7()).ToList();

        for (var number = 0; number < 60; number++)
        {
            await new[] { first, second, third }[number % 3].PublishAsync([.. jobs.Select(job => new Note(job, number))]);
        }

        await first.Inbox.WaitForAsync<Note>(240);
        foreach (var job in jobs)
        {
            Assert.Equal(Enumerable.Range(0, 60), first.Inbox.Of<Note>().Where(m => m.Message.JobId == job).Select(m => m.Message.Number));
        }
    }

    [Fact]
    public async Task A_commit_in_one_process_wakes_the_delivery_of_another()
    {
        await using var writer = await OpenAsync(s => s with { Delivers = false, Consumes = false });
        await using var deliverer = await OpenAsync(s => s with { QueryDelay = TimeSpan.FromHours(1) });
        await writer.PublishAsync(new Note(Guid.NewGuid(), 1));       // until here the listener may still be connecting, and looks when it has
        await deliverer.Inbox.WaitForAsync<Note>(1);

        var began = Stopwatch.GetTimestamp();
        await writer.PublishAsync(new Note(Guid.NewGuid(), 2));
        await deliverer.Inbox.WaitForAsync<Note>(2);
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"commit in one process to consumer in another: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms"));
    }

    [Fact]
    public async Task While_the_broker_is_away_messages_are_accepted_and_they_leave_when_it_is_back()
    {
        await using var broker = new FaultyBroker(Settings.Broker!);
        await using var studio = await OpenAsync(s => s with { Broker = broker.Address, SendTimeout = TimeSpan.FromSeconds(2), Lease = TimeSpan.FromSeconds(6) });
        await studio.PublishAsync(new Note(Guid.NewGuid(), 0));
        await studio.Inbox.WaitForAsync<Note>(1);
        await studio.WaitForEmptyOutboxAsync();

        broker.Cut();
        var began = Stopwatch.GetTimestamp();
        for (var number = 1; number <= 200; number++) await studio.PublishAsync(new Note(Guid.NewGuid(), number));
        var perSave = Stopwatch.GetElapsedTime(began) / 200;
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(12)) await tick.WaitForNextTickAsync();
        Assert.Equal(200, await studio.CountOutboxAsync());
        var lines = studio.Log.Lines.Where(line => line.Level >= LogLevel.Warning && line.Category.StartsWith("Platform.", StringComparison.Ordinal)).ToList();
        Assert.InRange(lines.Count, 1, 2 * 4);       // two causes at most, once in five seconds

        broker.Mend();
        began = Stopwatch.GetTimestamp();
        await studio.Inbox.WaitForAsync<Note>(201);
        await studio.WaitForEmptyOutboxAsync();
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"outage of 12 s: save {perSave.TotalMilliseconds:0.0} ms, {lines.Count} warnings, 200 rows gone {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s after its end"));
        Assert.Equal(201, studio.Inbox.Of<Note>().Select(m => m.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_broker_that_was_never_there_stops_no_request()
    {
        await using var broker = new FaultyBroker(Settings.Broker!);
        broker.Cut();
        await using var studio = await OpenAsync(s => s with { Broker = broker.Address, WaitUntilStarted = false });

        await studio.PublishAsync(new Note(Guid.NewGuid(), 1)).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(1, await studio.CountOutboxAsync());

        broker.Mend();
        await studio.Inbox.WaitForAsync<Note>(1);
    }

    [Fact]
    public async Task A_send_that_never_returns_holds_up_nothing()
    {
        await using var broker = new FaultyBroker(Settings.Broker!);
        await using var studio = await OpenAsync(s => s with { Broker = broker.Address, SendTimeout = TimeSpan.FromSeconds(1), Lease = TimeSpan.FromSeconds(4) });
        await studio.PublishAsync(new Note(Guid.NewGuid(), 0));
        await studio.Inbox.WaitForAsync<Note>(1);
        await studio.WaitForEmptyOutboxAsync();

        broker.Swallow();
        await studio.PublishAsync([.. Enumerable.Range(1, 20).Select(number => new Note(Guid.NewGuid(), number))]);
        await studio.WaitAsync(() => studio.InScopeAsync((db, _) => db.Outbox.AnyAsync(message => message.Failures > 0)));
        Assert.Equal(20, await studio.CountOutboxAsync());

        broker.Mend();
        await studio.Inbox.WaitForAsync<Note>(21);
        await studio.WaitForEmptyOutboxAsync();
    }

    [Fact]
    public async Task A_command_to_a_queue_that_nobody_declared_stays_and_holds_up_nothing()
    {
        await using var studio = await OpenAsync();
        var job = Guid.CreateVersion7();
        await studio.InScopeAsync(async (db, services) =>
        {
            var endpoint = await services.GetRequiredService<ISendEndpointProvider>().GetSendEndpoint(new Uri($"exchange:{Settings.Name}-nowhere?temporary=true"));
            await endpoint.Send(new Note(job, 1));
            return await db.SaveChangesAsync();
        });
        await studio.PublishAsync(new SceneReady(Guid.NewGuid(), 1), new Note(job, 2));     // the first has no reader, and an event may

        await studio.Inbox.WaitForAsync<Note>(1);
        await studio.WaitAsync(() => studio.InScopeAsync((db, _) => db.Outbox.AllAsync(message => message.IsRefused)));
        Assert.Equal(1, await studio.CountOutboxAsync());
        Assert.Equal(new OutboxBacklog(0, TimeSpan.Zero, 1), await studio.Services.GetRequiredService<IOutboxMonitor>().ReadAsync());
        Assert.Equal([2], studio.Inbox.Of<Note>().Select(m => m.Message.Number));
    }

    [Fact]
    public async Task Goes_on_after_the_database_has_dropped_every_connection()
    {
        await using var writer = await OpenAsync(s => s with { Delivers = false, Consumes = false });
        await using var studio = await OpenAsync(s => s with { QueryDelay = TimeSpan.FromSeconds(30) });
        await studio.PublishAsync(new Note(Guid.NewGuid(), 1));
        await studio.Inbox.WaitForAsync<Note>(1);
        await studio.WaitForEmptyOutboxAsync();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => writer.FindAsync(Guid.Empty)));      // several idle connections

        await using (var admin = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Settings.Database) { Pooling = false }.ConnectionString))
        {
            await admin.OpenAsync();
            await using var cut = new NpgsqlCommand("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", admin);
            await cut.ExecuteNonQueryAsync();
        }

        await studio.WaitAsync(() => Task.FromResult(studio.Log.Lines.Any(line => line.Text.Contains("Lost the outbox's listener", StringComparison.Ordinal))));
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.FindAsync(job: Guid.Empty));     // the one that finds out
        await writer.PublishAsync(new Note(Guid.NewGuid(), 2));
        await studio.Inbox.WaitForAsync<Note>(2, seconds: 20);       // woken: the next look would be later
    }
}
