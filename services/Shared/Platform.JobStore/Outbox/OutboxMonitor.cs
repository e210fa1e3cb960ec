using System.Diagnostics.Metrics;
using Platform.JobStore.Storage;

namespace Platform.JobStore.Outbox;

/// <summary>Messages that are due and that the broker has not confirmed.</summary>
/// <param name="Count">How many wait to be sent.</param>
/// <param name="OldestAge">For how long the oldest of those has been due; zero when there is none. Grows when the broker is away or blocked.</param>
/// <param name="Refused">How many more the broker refused: commands to queues that nobody has declared yet.</param>
public readonly record struct OutboxBacklog(int Count, TimeSpan OldestAge, int Refused);

/// <summary>Tells health and metrics how far the outbox is behind: it is what shows a broker that is away or blocked.</summary>
public interface IOutboxMonitor
{
    /// <summary>Asks the table.</summary>
    Task<OutboxBacklog> ReadAsync(CancellationToken cancellationToken = default);
}

internal sealed class OutboxMonitor<TDbContext>(OutboxTable<TDbContext> table) : IOutboxMonitor
    where TDbContext : StoreDbContext
{
    public Task<OutboxBacklog> ReadAsync(CancellationToken cancellationToken = default) => table.ReadBacklogAsync(cancellationToken);
}

/// <summary>Meter of the outbox.</summary>
internal static class OutboxMetrics
{
    public const string MeterName = "Platform.JobStore";

    private static readonly Meter Meter = new(MeterName);
    public static readonly Counter<long> Delivered = Meter.CreateCounter<long>("platform.outbox.delivered", "{message}", "Messages that the broker confirmed.");
    public static readonly Counter<long> Failed = Meter.CreateCounter<long>("platform.outbox.failed", "{try}", "Tries to send a message that failed; it stays.");
    public static readonly Histogram<double> Waited = Meter.CreateHistogram<double>("platform.outbox.waited", "s", "Time from writing, or due time, to confirmation.");
}
