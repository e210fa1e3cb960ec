using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.JobStore.Outbox;
using Platform.JobStore.Sagas;
using Platform.JobStore.Storage;

namespace Platform.JobStore.Tests.Support;

/// <summary>One process of the platform: a host with the saga, the outbox and a consumer that remembers.</summary>
public sealed class Studio : IAsyncDisposable
{
    private readonly IHost _host;

    private Studio(IHost host) => _host = host;

    public Inbox Inbox => _host.Services.GetRequiredService<Inbox>();
    public LogLines Log => _host.Services.GetRequiredService<LogLines>();
    public IServiceProvider Services => _host.Services;

    internal static async Task<Studio> OpenAsync(StudioSettings settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:Platform", settings.Database)]);
        builder.Services.AddSingleton<LogLines>();
        builder.Services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<LogLines>());
        builder.Services.AddSingleton<Inbox>();
        builder.Services.AddStore<FilmDbContext, PostgresFilmDbContext, SqliteFilmDbContext>("films");
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.SetEndpointNameFormatter(new KebabCaseEndpointNameFormatter(settings.Name, false));
            if (settings.Consumes)
            {
                bus.AddConsumer<InboxConsumer>().Endpoint(endpoint => (endpoint.PrefetchCount, endpoint.ConcurrentMessageLimit) = (settings.ConsumerLimit, settings.ConsumerLimit));
                bus.AddSagaStateMachine<FilmStateMachine, Film>().EntityFrameworkRepository(r =>
                {
                    r.ConcurrencyMode = ConcurrencyMode.Pessimistic;
                    r.ExistingDbContext<FilmDbContext>();
                    r.UsePostgres();
                });
            }

            bus.AddEntityFrameworkOutbox<FilmDbContext>(outbox =>
            {
                outbox.UsePostgres();
                outbox.QueryDelay = settings.QueryDelay;
                outbox.UseBusOutbox(b =>
                {
                    b.MessageDeliveryTimeout = settings.SendTimeout;
                    b.LeaseDuration = settings.Lease;
                    if (!settings.Delivers) b.DisableDeliveryService();
                });
            });
            bus.AddConfigureEndpointsCallback((context, _, endpoint) =>
            {
                if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit) rabbit.AutoDelete = true;
                endpoint.UseMessageRetry(retry => retry.None());
                endpoint.UseEntityFrameworkOutbox<FilmDbContext>(context);
            });
            if (settings.Broker is { } broker)
            {
                bus.UsingRabbitMq((context, rabbit) =>
                {
                    var user = broker.UserInfo.Split(':');
                    var vhost = broker.AbsolutePath.Trim('/');
                    rabbit.Host(broker.Host, (ushort)broker.Port, vhost.Length == 0 ? "/" : vhost, h => { h.Username(user[0]); h.Password(user[1]); });
                    rabbit.UseOutboxMessageScheduler<FilmDbContext>(context);
                    rabbit.ConfigureEndpoints(context);
                });
            }
            else
            {
                bus.UsingInMemory((context, memory) =>
                {
                    memory.UseOutboxMessageScheduler<FilmDbContext>(context);
                    memory.ConfigureEndpoints(context);
                });
            }
        });
        builder.Services.Configure<MassTransitHostOptions>(host => host.WaitUntilStarted = settings.WaitUntilStarted);

        var host = builder.Build();
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<FilmDbContext>();
            if (await db.Database.EnsureCreatedAsync() && db.Database.IsNpgsql())
                await db.Database.ExecuteSqlRawAsync(OutboxModelExtensions.WakeUpSql("films"));
        }

        await host.StartAsync();
        return new Studio(host);
    }

    public async Task<T> InScopeAsync<T>(Func<FilmDbContext, IServiceProvider, Task<T>> work)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<FilmDbContext>(), scope.ServiceProvider);
    }

    /// <summary>Publishes as an HTTP request does: messages first, one save after.</summary>
    public Task PublishAsync(params object[] messages) => InScopeAsync(async (db, services) =>
    {
        var publish = services.GetRequiredService<IPublishEndpoint>();
        foreach (var message in messages) await publish.Publish(message);
        return await db.SaveChangesAsync();
    });

    public Task<Film?> FindAsync(Guid job) => InScopeAsync((db, _) => db.Films.AsNoTracking().SingleOrDefaultAsync(film => film.CorrelationId == job));

    public Task<int> CountOutboxAsync() => InScopeAsync((db, _) => db.Outbox.CountAsync());

    public Task WaitForEmptyOutboxAsync() => WaitAsync(async () => await CountOutboxAsync() == 0);

    public async Task WaitAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition()) await tick.WaitForNextTickAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}

internal sealed record StudioSettings(string Name, string Database, Uri? Broker)
{
    public bool Consumes { get; init; } = true;
    public bool Delivers { get; init; } = true;
    public bool WaitUntilStarted { get; init; } = true;
    public int ConsumerLimit { get; init; } = 20;
    public TimeSpan QueryDelay { get; init; } = TimeSpan.FromMilliseconds(250);
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>Warnings and errors of the product's own code.</summary>
public sealed class LogLines : ILoggerProvider
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<(string Category, LogLevel Level, string Text)> _lines = new();

    public IEnumerable<(string Category, LogLevel Level, string Text)> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Writer(LogLines lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) lines._lines.Enqueue((category, logLevel, $"{formatter(state, exception)} {exception}"));
        }
    }
}
