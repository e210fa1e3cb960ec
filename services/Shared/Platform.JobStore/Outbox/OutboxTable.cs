using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.JobStore.Storage;

namespace Platform.JobStore.Outbox;

/// <summary>What the delivery does to the table, each in a short transaction of its own. On PostgreSQL times are the database's: clocks of processes may differ.</summary>
internal sealed class OutboxTable<TDbContext>(IServiceScopeFactory scopes, TimeProvider time)
    where TDbContext : StoreDbContext
{
    /// <summary>
    /// Takes messages that are free, in order of writing, for the length of the lease. A message waits while an earlier one of its key that is due is
    /// being sent or has failed (refused ones apart): that is what keeps the order across processes, so takers go one after another (a lock held for milliseconds).
    /// </summary>
    public async Task<IReadOnlyList<OutboxMessage>> TakeAsync(int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDbContext>();
        return db.Database.IsSqlite()
            ? await TakeSqliteAsync(db, limit, lease, cancellationToken)
            : await TakePostgresAsync(db, limit, lease, cancellationToken);
    }

    /// <summary>Forgets messages that the broker has.</summary>
    public async Task RemoveAsync(IReadOnlyCollection<long> sent, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDbContext>();
        await db.Set<OutboxMessage>().Where(message => sent.Contains(message.SequenceNumber)).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Gives back what was taken and not sent, free to be taken at once.</summary>
    public async Task ReturnAsync(IReadOnlyCollection<long> messages, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDbContext>();
        await db.Set<OutboxMessage>().Where(message => messages.Contains(message.SequenceNumber))
            .ExecuteUpdateAsync(set => set.SetProperty(message => message.HeldUntil, (DateTimeOffset?)null), cancellationToken);
    }

    /// <summary>Gives back a message whose sending failed.</summary>
    /// <param name="message">Its number.</param>
    /// <param name="hold">Not taken by anybody for so long.</param>
    /// <param name="refused">Whether the broker refused this very message.</param>
    /// <param name="cancellationToken">Ends the wait for the database.</param>
    public async Task FailAsync(long message, TimeSpan hold, bool refused, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDbContext>();
        DateTimeOffset? until = await NowAsync(db, cancellationToken) + hold;
        await db.Set<OutboxMessage>().Where(row => row.SequenceNumber == message).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.HeldUntil, until)
                .SetProperty(row => row.Failures, row => row.Failures + 1)
                .SetProperty(row => row.IsRefused, refused),
            cancellationToken);
    }

    /// <summary>How many messages are due and not confirmed, and since when the oldest of them has been waiting.</summary>
    public async Task<OutboxBacklog> ReadBacklogAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDbContext>();
        var now = await NowAsync(db, cancellationToken);
        var due = db.Set<OutboxMessage>().Where(message => message.DueAt == null || message.DueAt <= now);
        var waiting = due.Where(message => !message.IsRefused);
        var count = await waiting.CountAsync(cancellationToken);
        var refused = await due.CountAsync(message => message.IsRefused, cancellationToken);
        var oldest = await waiting.OrderBy(message => message.DueAt ?? message.WrittenAt).Select(message => message.DueAt ?? message.WrittenAt)
            .Take(1).ToListAsync(cancellationToken);
        return new OutboxBacklog(count, oldest is [var first] && first < now ? now - first : TimeSpan.Zero, refused);
    }

    private async Task<IReadOnlyList<OutboxMessage>> TakeSqliteAsync(TDbContext db, int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var messages = db.Set<OutboxMessage>();
        var free = messages.Where(message => message.HeldUntil == null || message.HeldUntil <= now);
        if (!await free.AnyAsync(cancellationToken))
        {
            return [];      // a look must not take the writer's place
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var taken = await free
            .Where(message => message.OrderKey == null || !messages.Any(earlier =>
                earlier.OrderKey == message.OrderKey && earlier.SequenceNumber < message.SequenceNumber
                && (earlier.DueAt == null || earlier.DueAt <= now) && earlier.HeldUntil > now && !earlier.IsRefused))
            .OrderBy(message => message.SequenceNumber).Take(limit).AsNoTracking().ToListAsync(cancellationToken);
        var numbers = taken.Select(message => message.SequenceNumber).ToList();
        await messages.Where(message => numbers.Contains(message.SequenceNumber))
            .ExecuteUpdateAsync(set => set.SetProperty(message => message.HeldUntil, now + lease), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return taken;
    }

    private static async Task<IReadOnlyList<OutboxMessage>> TakePostgresAsync(TDbContext db, int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        var schema = db.Model.FindEntityType(typeof(OutboxMessage))!.GetSchema();
        var table = $"\"{schema}\".\"{OutboxMessageMap.Table}\"";
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtext({OutboxModelExtensions.ChannelOf(schema!)}))", cancellationToken);
        var sql =
            $$"""
            WITH free AS (
                SELECT message.sequence_number FROM {{table}} AS message
                WHERE (message.held_until IS NULL OR message.held_until <= statement_timestamp())
                AND NOT EXISTS (
                    SELECT FROM {{table}} AS earlier
                    WHERE earlier.order_key = message.order_key AND earlier.sequence_number < message.sequence_number
                    AND (earlier.due_at IS NULL OR earlier.due_at <= statement_timestamp()) AND earlier.held_until > statement_timestamp()
                    AND NOT earlier.is_refused)
                ORDER BY message.sequence_number LIMIT {0} FOR UPDATE SKIP LOCKED)
            UPDATE {{table}} AS message SET held_until = statement_timestamp() + {1}
            FROM free WHERE message.sequence_number = free.sequence_number
            RETURNING message.*
            """;        // names of the model alone
        var taken = await db.Set<OutboxMessage>().FromSqlRaw(sql, limit, lease).AsNoTracking().ToListAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return [.. taken.OrderBy(message => message.SequenceNumber)];
    }

    private async Task<DateTimeOffset> NowAsync(TDbContext db, CancellationToken cancellationToken) => db.Database.IsSqlite()
        ? time.GetUtcNow()
        : await db.Database.SqlQuery<DateTimeOffset>($"SELECT statement_timestamp() AS \"Value\"").SingleAsync(cancellationToken);
}
