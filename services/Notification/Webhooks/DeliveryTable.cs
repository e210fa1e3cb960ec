using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Platform.Notification.Webhooks;

/// <summary>A delivery that this process may try, until its lease ends.</summary>
/// <param name="Id">The delivery's.</param>
/// <param name="EndpointId">To whom it goes.</param>
/// <param name="JobId">The job that it is about.</param>
/// <param name="Tenant">The job's owner.</param>
/// <param name="Url">Where it goes.</param>
/// <param name="ProtectedSecret">The endpoint's secret, encrypted; null for the tenant's.</param>
/// <param name="MessageId">The same at every try.</param>
/// <param name="Payload">The body.</param>
/// <param name="TraceParent">The trace that the event came from.</param>
/// <param name="Take">Which time it was taken: proof of still holding it.</param>
/// <param name="Failures">Tries that have failed.</param>
internal sealed record TakenDelivery(
    Guid Id, Guid EndpointId, Guid JobId, string Tenant, string Url, string? ProtectedSecret, string MessageId, string Payload, string? TraceParent, int Take, int Failures);

/// <summary>Takes deliveries that are due and records what came of them. Any number of processes may do so.</summary>
internal sealed class DeliveryTable(IServiceScopeFactory scopes, IOptions<WebhookOptions> options, TimeProvider time)
{
    /// <summary>Looked at in one go; those that have to wait are left out of the next look.</summary>
    private const int Batch = 200;

    /// <summary>
    /// While a delivery has failed less often than this, later ones of its job wait for it: so a receiver that blinks still gets them in order. One that
    /// goes on refusing does not keep the job's end from being told.
    /// </summary>
    private const int PatientFailures = 2;

    // Who takes must know what others have under way, so they take one after the other: "webh" in ASCII.
    private const long TakingLock = 0x77656268;

    /// <summary>At most <paramref name="room"/> deliveries that are due, first those that have waited longest; each left alone by others until its lease ends.</summary>
    public async Task<IReadOnlyList<TakenDelivery>> TakeAsync(int room, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<WebhookDbContext>();
        if (!await Due(db, time.GetUtcNow()).AnyAsync(cancellation)) return [];        // without a lock, which on SQLite would be everybody's

        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (db.Database.IsNpgsql()) await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({TakingLock})", cancellation);
        var now = time.GetUtcNow();
        var picked = await PickAsync(db, now, room, cancellation);
        if (picked.Count == 0) return [];
        var until = now + options.Value.Lease;
        await db.Deliveries.Where(delivery => picked.Contains(delivery.Id) && delivery.DueAt != null).ExecuteUpdateAsync(
            set => set.SetProperty(delivery => delivery.LeasedUntil, until).SetProperty(delivery => delivery.Takes, delivery => delivery.Takes + 1), cancellation);
        var taken = await (
            from delivery in db.Deliveries
            join endpoint in db.Endpoints on delivery.EndpointId equals endpoint.Id
            where picked.Contains(delivery.Id) && delivery.DueAt != null
            select new TakenDelivery(delivery.Id, endpoint.Id, delivery.JobId, endpoint.Tenant, endpoint.Url, endpoint.ProtectedSecret,
                delivery.MessageId, delivery.Payload, delivery.TraceParent, delivery.Takes, delivery.Failures)).ToListAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return taken;
    }

    /// <summary>Writes down a try and what follows from it; the latter only if nobody else has taken the delivery meanwhile.</summary>
    /// <returns>Whether it was still ours.</returns>
    public async Task<bool> RecordAsync(TakenDelivery taken, Outcome outcome, Verdict verdict, DateTimeOffset at, TimeSpan duration, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<WebhookDbContext>();
        var now = time.GetUtcNow();
        DateTimeOffset? due = verdict.Pause is { } pause ? now + pause : null;
        DateTimeOffset? ended = due is null ? now : null;
        var failures = taken.Failures + (verdict.State == DeliveryState.Delivered ? 0 : 1);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var endpoint = await db.LockEndpointAsync(taken.EndpointId, cancellation);
        var ours = await db.Deliveries.Where(delivery => delivery.Id == taken.Id && delivery.Takes == taken.Take && delivery.DueAt != null)
            .ExecuteUpdateAsync(set => set
                .SetProperty(delivery => delivery.State, verdict.State)
                .SetProperty(delivery => delivery.Failures, failures)
                .SetProperty(delivery => delivery.DueAt, due)
                .SetProperty(delivery => delivery.LeasedUntil, (DateTimeOffset?)null)
                .SetProperty(delivery => delivery.LastStatus, outcome.Status)
                .SetProperty(delivery => delivery.LastCode, outcome.Code)
                .SetProperty(delivery => delivery.EndedAt, ended), cancellation);
        db.Attempts.Add(new DeliveryAttempt
        {
            DeliveryId = taken.Id,
            Number = taken.Take,
            At = at,
            Status = outcome.Status,
            Code = outcome.Code,
            DurationMs = (int)Math.Round(duration.TotalMilliseconds),
        });
        await db.SaveChangesAsync(cancellation);
        if (verdict.Disables)
        {
            await db.Endpoints.Where(known => known.Id == taken.EndpointId && known.DisabledAt == null).ExecuteUpdateAsync(
                set => set.SetProperty(known => known.DisabledAt, now).SetProperty(known => known.DisabledReason, "gone"), cancellation);
        }
        if (verdict.Disables || endpoint?.DisabledAt is not null)
            await DropAsync(db.Deliveries.Where(delivery => delivery.EndpointId == taken.EndpointId), now, cancellation);
        await transaction.CommitAsync(cancellation);
        return ours == 1;
    }

    /// <summary>Ends what disabled endpoints would have been told, and forgets what ended long ago.</summary>
    public async Task ExpireAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<WebhookDbContext>();
        var now = time.GetUtcNow();
        var before = now - options.Value.Retention;
        await DropAsync(db.Deliveries.Where(delivery => db.Endpoints.Any(endpoint => endpoint.Id == delivery.EndpointId && endpoint.DisabledAt != null)), now, cancellation);
        await db.Deliveries.Where(delivery => delivery.EndedAt < before).ExecuteDeleteAsync(cancellation);
        await db.Endpoints.Where(endpoint => endpoint.JobId != null && endpoint.CreatedAt < before
            && !db.Deliveries.Any(delivery => delivery.EndpointId == endpoint.Id)).ExecuteDeleteAsync(cancellation);
    }

    private async Task<IReadOnlyList<Guid>> PickAsync(WebhookDbContext db, DateTimeOffset now, int room, CancellationToken cancellation)
    {
        var picker = new DeliveryPicker(options.Value.MaxPerUrl, options.Value.MaxPerTenant);
        var underWay = await (
            from delivery in db.Deliveries
            join endpoint in db.Endpoints on delivery.EndpointId equals endpoint.Id
            where delivery.DueAt != null && delivery.LeasedUntil > now
            group delivery by new { endpoint.Url, endpoint.Tenant } into same
            select new UnderWay(same.Key.Url, same.Key.Tenant, same.Count())).ToListAsync(cancellation);
        underWay.ForEach(picker.Count);

        var picked = new List<Guid>();
        while (picked.Count < room)
        {
            var (urls, tenants, before) = (picker.FullUrls, picker.FullTenants, picked.ToList());
            var due = await (
                from delivery in Due(db, now)
                join endpoint in db.Endpoints on delivery.EndpointId equals endpoint.Id
                where endpoint.DisabledAt == null && !urls.Contains(endpoint.Url) && !tenants.Contains(endpoint.Tenant) && !before.Contains(delivery.Id)
                    && !db.Deliveries.Any(earlier => earlier.EndpointId == delivery.EndpointId && earlier.JobId == delivery.JobId && earlier.Number < delivery.Number
                        && earlier.DueAt != null && (earlier.Failures < PatientFailures || earlier.LeasedUntil > now))
                orderby delivery.DueAt, delivery.Number
                select new DueDelivery(delivery.Id, endpoint.Url, endpoint.Tenant)).Take(Batch).ToListAsync(cancellation);
            picked.AddRange(picker.Pick(due, room - picked.Count));
            if (due.Count < Batch) break;       // else there may be others behind those that have to wait
        }
        return picked;
    }

    private static IQueryable<Delivery> Due(WebhookDbContext db, DateTimeOffset now) =>
        db.Deliveries.Where(delivery => delivery.DueAt <= now && (delivery.LeasedUntil == null || delivery.LeasedUntil <= now));

    // One under way is left to the process that has it, which comes here again.
    private static Task<int> DropAsync(IQueryable<Delivery> deliveries, DateTimeOffset now, CancellationToken cancellation) =>
        deliveries.Where(delivery => delivery.DueAt != null && (delivery.LeasedUntil == null || delivery.LeasedUntil <= now)).ExecuteUpdateAsync(set => set
            .SetProperty(delivery => delivery.State, DeliveryState.Dropped)
            .SetProperty(delivery => delivery.DueAt, (DateTimeOffset?)null)
            .SetProperty(delivery => delivery.EndedAt, now), cancellation);
}
