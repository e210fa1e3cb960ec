using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Contracts;

namespace Platform.Notification.Webhooks;

/// <summary>Turns events into deliveries. The same event twice is one delivery.</summary>
internal sealed class EventIntake(WebhookDbContext db, DeliverySignal signal, IOptions<WebhookOptions> options, TimeProvider time)
{
    // Another process may write the same rows at the same moment; then they are there at the second look.
    private const int Looks = 3;

    public async Task TakeInAsync(JobEventRecorded e, CancellationToken cancellation)
    {
        if (e.Webhook is not { } target || !Payload.IsTold(e)) return;
        for (var look = 1; ; look++)
        {
            try
            {
                if (await AddMissingAsync(e, target, cancellation)) signal.Set();
                return;
            }
            catch (DbUpdateException) when (look < Looks)
            {
                db.ChangeTracker.Clear();
            }
        }
    }

    private async Task<bool> AddMissingAsync(JobEventRecorded e, WebhookTarget target, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await db.Deliveries.AnyAsync(known => known.EndpointId == e.JobId && known.JobId == e.JobId && known.Number == e.Number, cancellation)) return false;
        var now = time.GetUtcNow();
        var endpoint = await db.LockEndpointAsync(e.JobId, cancellation);
        if (endpoint is null)
        {
            endpoint = new WebhookEndpoint
            {
                Id = e.JobId,
                Tenant = e.Tenant,
                JobId = e.JobId,
                Url = target.Url,
                ProtectedSecret = target.ProtectedSecret,
                CreatedAt = now,
            };
            db.Endpoints.Add(endpoint);
        }
        var isOpen = endpoint.DisabledAt is null;
        db.Deliveries.Add(new Delivery
        {
            Id = Guid.CreateVersion7(now),
            EndpointId = endpoint.Id,
            JobId = e.JobId,
            Number = e.Number,
            MessageId = Payload.MessageId(e.JobId, e.Number),
            Type = e.Type,
            Payload = Payload.Of(e, options.Value.PublicUrl),
            TraceParent = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null,
            State = isOpen ? DeliveryState.Pending : DeliveryState.Dropped,
            DueAt = isOpen ? now : null,
            EndedAt = isOpen ? null : now,
            CreatedAt = now,
        });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return isOpen;
    }
}
