using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.JobStore.Storage;

namespace Platform.JobStore.Outbox;

/// <summary>Wakes the delivery when another process commits messages (PostgreSQL's LISTEN). Without it messages still leave, at the next look.</summary>
internal sealed partial class OutboxListener<TDbContext>(
    IServiceScopeFactory scopes, OutboxSignal<TDbContext> signal, TimeProvider time, ILogger<OutboxListener<TDbContext>> logger) : BackgroundService
    where TDbContext : StoreDbContext
{
    /// <summary>A connection that is silent for so long is asked whether it lives: a lost peer sends nothing either.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(2);

    private readonly QuietLog _quiet = new(time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        if (Find() is not { } source)
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(source.Database, source.Channel, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or OperationCanceledException)
            {
                if (_quiet.Allows(e.GetType().Name))
                {
                    LogLost(e.GetType().Name, e.Message);
                }

                await Task.Delay(Reconnect, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(NpgsqlDataSource database, string channel, CancellationToken stoppingToken)
    {
        await using var connection = await database.OpenConnectionAsync(stoppingToken);
        connection.Notification += (_, _) => signal.Set();
        await ExecuteAsync(connection, $"LISTEN \"{channel}\"", stoppingToken);
        signal.Set();       // what came while nobody listened
        while (true)
        {
            if (!await connection.WaitAsync(Silence, stoppingToken))
            {
                await ExecuteAsync(connection, "SELECT 1", stoppingToken);
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private (NpgsqlDataSource Database, string Channel)? Find()
    {
        using var scope = scopes.CreateScope();
        var provider = scope.ServiceProvider;
        if (provider.GetService<StoreConnection>() is not { IsSqlite: false } || provider.GetService<NpgsqlDataSource>() is not { } database)
        {
            return null;
        }

        var db = provider.GetRequiredService<TDbContext>();
        return (database, OutboxModelExtensions.ChannelOf(db.Model.FindEntityType(typeof(OutboxMessage))!.GetSchema()!));
    }

    [LoggerMessage(LogLevel.Warning, "Lost the outbox's listener, connects again; meanwhile the table is polled. {Cause}: {Reason}")]
    private partial void LogLost(string cause, string reason);
}
