using System.Threading.Channels;
using Platform.Contracts;

namespace Platform.Gateway.Events;

/// <summary>Something that a reader is told as it happens: one of the two.</summary>
internal readonly record struct LiveItem(JobEventRecorded? Event, JobProgressed? Progress);

/// <summary>Passes what the bus brings to those who read a job's events at this gateway.</summary>
internal sealed class LiveHub
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, List<LiveReader>> _readers = [];
    private readonly Dictionary<string, int> _perTenant = [];

    /// <summary>Begins to read a job's events, or null when the tenant reads too many already.</summary>
    public LiveReader? Open(string tenant, Guid job, int maxPerTenant)
    {
        lock (_lock)
        {
            var count = _perTenant.GetValueOrDefault(tenant);
            if (count >= maxPerTenant) return null;
            _perTenant[tenant] = count + 1;
            var reader = new LiveReader(this, tenant, job);
            if (!_readers.TryGetValue(job, out var readers)) _readers[job] = readers = [];
            readers.Add(reader);
            return reader;
        }
    }

    public void Tell(JobEventRecorded e) => Tell(e.JobId, e.Tenant, new LiveItem(e, null));

    public void Tell(JobProgressed progress) => Tell(progress.JobId, progress.Tenant, new LiveItem(null, progress));

    private void Tell(Guid job, string tenant, LiveItem item)
    {
        lock (_lock)
        {
            if (!_readers.TryGetValue(job, out var readers)) return;
            foreach (var reader in readers.Where(reader => reader.Tenant == tenant)) reader.Take(item);
        }
    }

    internal void Close(LiveReader reader)
    {
        lock (_lock)
        {
            if (!_readers.TryGetValue(reader.Job, out var readers) || !readers.Remove(reader)) return;
            if (readers.Count == 0) _readers.Remove(reader.Job);
            if (--_perTenant[reader.Tenant] == 0) _perTenant.Remove(reader.Tenant);
        }
    }
}

/// <summary>One reader of a job's events. Who reads too slowly is dropped, not buffered: it comes back with the number of its last event.</summary>
internal sealed class LiveReader(LiveHub hub, string tenant, Guid job) : IDisposable
{
    /// <summary>Items that wait for a reader, at most: some 100 KB.</summary>
    public const int Capacity = 256;

    private readonly Channel<LiveItem> _items = Channel.CreateBounded<LiveItem>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly CancellationTokenSource _dropped = new();

    public string Tenant { get; } = tenant;
    public Guid Job { get; } = job;

    /// <summary>Set when the reader was too slow.</summary>
    public CancellationToken Dropped => _dropped.Token;

    /// <summary>The next item, or null when none came within <paramref name="patience"/>.</summary>
    public async Task<LiveItem?> NextAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        if (_items.Reader.TryRead(out var item)) return item;
        using var timer = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        try { return await _items.Reader.ReadAsync(either.Token); }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellation.IsCancellationRequested) { return null; }
    }

    internal void Take(LiveItem item)
    {
        if (!_items.Writer.TryWrite(item)) _ = _dropped.CancelAsync();     // not here: whoever waits for it must not hold up the others
    }

    public void Dispose()
    {
        hub.Close(this);
        _dropped.Dispose();
    }
}
