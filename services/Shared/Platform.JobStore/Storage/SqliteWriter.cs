using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Platform.JobStore.Storage;

/// <summary>
/// One writer per SQLite file in this process: transactions (EF Core begins them as BEGIN IMMEDIATE), and statements outside one that answer no rows
/// (ExecuteUpdate, ExecuteDelete), wait for each other here, in order and without a blocked thread, instead of polling inside SQLite. Its own busy timeout
/// is left for other processes.
/// </summary>
internal sealed class SqliteWriter : DbConnectionInterceptor, IDbTransactionInterceptor, IDbCommandInterceptor
{
    /// <summary>A transaction that waits longer is most likely inside another one of the same flow, and would wait for ever.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Writers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, SemaphoreSlim> _holders = new();     // by EF Core's id of the connection

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = Prepare(connection);
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = Prepare(connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A transaction that was disposed without a commit is told only by its connection.</summary>
    public override void ConnectionClosed(DbConnection connection, ConnectionEndEventData eventData) => Release(eventData.ConnectionId);

    public override Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData)
    {
        Release(eventData.ConnectionId);
        return Task.CompletedTask;
    }

    public InterceptionResult<DbTransaction> TransactionStarting(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result)
    {
        var writer = WriterOf(connection);
        Hold(eventData.ConnectionId, writer, writer.Wait(Patience));
        return result;
    }

    public async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default)
    {
        var writer = WriterOf(connection);
        Hold(eventData.ConnectionId, writer, await writer.WaitAsync(Patience, cancellationToken));
        return result;
    }

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Release(eventData.ConnectionId);

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Release(eventData.ConnectionId);
        return Task.CompletedTask;
    }

    public void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => Release(eventData.ConnectionId);

    public Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Release(eventData.ConnectionId);
        return Task.CompletedTask;
    }

    public async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (command is { Transaction: null, Connection: { } connection } && !_holders.ContainsKey(eventData.ConnectionId))
        {
            var writer = WriterOf(connection);
            Hold(eventData.ConnectionId, writer, await writer.WaitAsync(Patience, cancellationToken));
        }

        return result;
    }

    public ValueTask<int> NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        CommandEnded(command, eventData);
        return ValueTask.FromResult(result);
    }

    public Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        CommandEnded(command, eventData);
        return Task.CompletedTask;
    }

    public Task CommandCanceledAsync(DbCommand command, CommandEndEventData eventData, CancellationToken cancellationToken = default)
    {
        CommandEnded(command, eventData);
        return Task.CompletedTask;
    }

    private void CommandEnded(DbCommand command, CommandEventData eventData)
    {
        if (command.Transaction is null)
        {
            Release(eventData.ConnectionId);
        }
    }

    private static SemaphoreSlim WriterOf(DbConnection connection) => Writers.GetOrAdd(connection.DataSource, _ => new SemaphoreSlim(1, 1));

    private static DbCommand Prepare(DbConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
        return command;
    }

    private void Hold(Guid connection, SemaphoreSlim writer, bool acquired)
    {
        if (!acquired)
        {
            throw new TimeoutException($"Another transaction held the SQLite file for more than {Patience.TotalSeconds:0} s.");
        }

        _holders[connection] = writer;
    }

    private void Release(Guid connection)
    {
        if (_holders.TryRemove(connection, out var writer))
        {
            writer.Release();
        }
    }
}
