using System.Collections.Concurrent;

namespace Platform.JobStore.Outbox;

/// <summary>At most one line per cause and five seconds, however often it happens.</summary>
internal sealed class QuietLog(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _last = new(StringComparer.Ordinal);

    /// <summary>Whether this one is written.</summary>
    public bool Allows(string cause)
    {
        var now = time.GetUtcNow();
        return _last.TryGetValue(cause, out var last) ? now - last >= Interval && _last.TryUpdate(cause, now, last) : _last.TryAdd(cause, now);
    }
}
