namespace Platform.JobStore.Outbox;

/// <summary>
/// How eagerly to try. While sends succeed: at full width. After a failure nothing else has followed: a few at a time, after pauses that grow with the
/// length of the trouble, so that an absent broker costs little and its return is noticed soon. Not thread-safe.
/// </summary>
/// <param name="width">Messages in flight when all is well.</param>
internal sealed class DeliveryPace(int width)
{
    /// <summary>More than one, lest a single message that can never be sent looks like an absent broker.</summary>
    private const int Probes = 4;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestRefusal = TimeSpan.FromSeconds(60);

    private DateTimeOffset _lastSuccess = DateTimeOffset.MinValue;
    private DateTimeOffset? _troubleSince;
    private DateTimeOffset _next;

    /// <summary>How many messages may be in flight.</summary>
    public int Width => _troubleSince is null ? width : Math.Min(Probes, width);

    /// <summary>How long to wait before the next try.</summary>
    public TimeSpan PauseAt(DateTimeOffset now) => _next > now ? _next - now : TimeSpan.Zero;

    /// <returns>For how long nothing could be sent, if that has just ended.</returns>
    public TimeSpan? Succeeded(DateTimeOffset now)
    {
        var trouble = now - _troubleSince;
        _troubleSince = null;
        _lastSuccess = now;
        _next = default;
        return trouble;
    }

    /// <summary>A try failed. When others succeeded while it lasted, the trouble is its own.</summary>
    public void Failed(DateTimeOffset began, DateTimeOffset now)
    {
        if (_lastSuccess > began)
        {
            return;
        }

        _troubleSince ??= now;
        _next = now + Clamp((now - _troubleSince.Value) / 4);
    }

    /// <summary>How long a message that failed is held back: 1, 2, 4, 8, then 15 s; a refused one up to a minute.</summary>
    /// <param name="failures">How often it had failed before.</param>
    /// <param name="refused">Whether the broker answered that it cannot take it.</param>
    public static TimeSpan HoldAfter(int failures, bool refused)
    {
        var longest = refused ? LongestRefusal : LongestHold;
        var hold = TimeSpan.FromSeconds(1 << Math.Clamp(failures, 0, 6));
        return hold < longest ? hold : longest;
    }

    private static TimeSpan Clamp(TimeSpan pause) => pause < ShortestPause ? ShortestPause : pause > LongestPause ? LongestPause : pause;
}
