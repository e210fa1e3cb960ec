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
        _next = default;
        return trouble;
    }

    public void Failed(DateTimeOffset now)
    {
        _troubleSince ??= now;
        _next = now + Clamp((now - _troubleSince.Value) / 4);
    }

    /// <summary>How long a message that failed is held back: 1, 2, 4, 8, then 15 s.</summary>
    /// <param name="failures">How often it had failed before.</param>
    public static TimeSpan HoldAfter(int failures) => failures >= 4 ? LongestHold : TimeSpan.FromSeconds(1 << Math.Max(0, failures));

    private static TimeSpan Clamp(TimeSpan pause) => pause < ShortestPause ? ShortestPause : pause > LongestPause ? LongestPause : pause;
}
