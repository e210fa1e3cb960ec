using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Contracts;
using Platform.JobStore.Storage;
using Platform.Notification.Webhooks;
using Platform.ServiceDefaults;

namespace Platform.Notification.Tests.Support;

/// <summary>What hosts of one test share, as processes of one platform do.</summary>
internal sealed record NotifierSettings(string Database, string SecretsFolder)
{
    public ShiftedClock Clock { get; } = new();

    /// <summary>Pauses before each try.</summary>
    public IReadOnlyList<string> Schedule { get; init; } = ["00:00:00", "00:00:00.05", "00:00:00.05", "00:00:00.05"];

    public bool AllowPrivate { get; init; } = true;

    public Action<IServiceCollection> Configure { get; init; } = _ => { };
}

/// <summary>The machine's clock, moved.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private long _shift;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _shift, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _shift));
}

/// <summary>One process of Notification, composed as its own host is.</summary>
internal sealed class Notifier : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly WebApplication _app;

    private Notifier(WebApplication app) => _app = app;

    public WebhookSecrets Secrets => Of<WebhookSecrets>();

    /// <summary>A process that has come up to the point of starting: what it would do, a test does with its parts.</summary>
    public static async Task<Notifier> BuildAsync(NotifierSettings settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
        [
            new("ConnectionStrings:Platform", settings.Database),
            new("DataProtection:Folder", settings.SecretsFolder),
            new("Egress:AllowPrivate", $"{settings.AllowPrivate}"),
            new("Webhooks:Interval", "00:00:00.05"),
            new("Webhooks:Timeout", "00:00:01"),
            .. settings.Schedule.Select((pause, i) => new KeyValuePair<string, string?>($"Webhooks:Schedule:{i}", pause)),
        ]);
        builder.Services.AddSingleton<TimeProvider>(settings.Clock);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        settings.Configure(builder.Services);
        builder.AddServiceDefaults("notification");
        builder.AddNotification();
        builder.AddBus(bus => bus.AddNotification());
        var app = builder.Build();
        await app.Services.GetRequiredService<IStoreMigrator>().MigrateAsync();
        return new Notifier(app);
    }

    public static async Task<Notifier> StartAsync(NotifierSettings settings)
    {
        var notifier = await BuildAsync(settings);
        await notifier._app.StartAsync();
        return notifier;
    }

    public T Of<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public Task PublishAsync(JobEventRecorded e) => Of<IBus>().Publish(e);

    /// <summary>Takes an event in as its consumer would.</summary>
    public async Task TakeInAsync(JobEventRecorded e)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<EventIntake>().TakeInAsync(e, default);
    }

    public async Task<T> ReadAsync<T>(Func<WebhookDbContext, Task<T>> query)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await query(scope.ServiceProvider.GetRequiredService<WebhookDbContext>());
    }

    public Task<List<Delivery>> DeliveriesAsync(Guid job) =>
        ReadAsync(db => db.Deliveries.AsNoTracking().Where(delivery => delivery.JobId == job).OrderBy(delivery => delivery.Number).ToListAsync());

    public Task<List<DeliveryAttempt>> AttemptsAsync(Guid job) => ReadAsync(db => (
        from attempt in db.Attempts.AsNoTracking()
        join delivery in db.Deliveries on attempt.DeliveryId equals delivery.Id
        where delivery.JobId == job
        orderby delivery.Number, attempt.Number
        select attempt).ToListAsync());

    /// <summary>The job's deliveries once they are as <paramref name="condition"/> says.</summary>
    public async Task<List<Delivery>> WaitAsync(Guid job, Func<List<Delivery>, bool> condition)
    {
        for (var end = DateTime.UtcNow + Patience; ; await Task.Delay(20))
        {
            var deliveries = await DeliveriesAsync(job);
            if (condition(deliveries)) return deliveries;
            if (DateTime.UtcNow > end)
                throw new TimeoutException(string.Join(", ", deliveries.Select(d => $"{d.Number} {d.State} {d.LastStatus} {d.LastCode} {d.Failures}")));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>Events of one job, as its saga records them.</summary>
internal sealed class Job(string url, string? protectedSecret = null, string tenant = "acme")
{
    private int _number = 1;        // the Gateway's, which nobody is told about

    public Guid Id { get; } = Guid.CreateVersion7();

    public JobEventRecorded Next(string type, object? data = null) => new()
    {
        JobId = Id,
        Tenant = tenant,
        Number = ++_number,
        Type = type,
        At = DateTimeOffset.UtcNow,
        Data = JsonSerializer.SerializeToElement(data ?? new { }),
        Webhook = new WebhookTarget(url, protectedSecret),
    };
}
