namespace Platform.Notification.Webhooks;

/// <summary>When a delivery that failed is tried again. Pure.</summary>
internal static class RetrySchedule
{
    /// <summary>Longest pause, and as long as a server's Retry-After is believed.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>Share by which a pause is lengthened or shortened at random, so that what failed together does not come back together.</summary>
    public const double Jitter = 0.1;

    /// <summary>Ten tries over three days, as the Standard Webhooks specification proposes ("Deliverability and reliability").</summary>
    public static IReadOnlyList<TimeSpan> Published { get; } =
    [
        TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
        TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>The pause before the next try, or null when there is none.</summary>
    /// <param name="schedule">Pauses before each try, the first included.</param>
    /// <param name="failures">Tries that have failed, at least one.</param>
    /// <param name="chance">Random, -1 to 1: where in the jitter's range the pause lies.</param>
    /// <param name="retryAfter">The server's wish; it lengthens a pause, and never shortens one.</param>
    public static TimeSpan? PauseAfter(IReadOnlyList<TimeSpan> schedule, int failures, double chance, TimeSpan? retryAfter)
    {
        if (failures >= schedule.Count) return null;
        var pause = schedule[failures] * (1 + Jitter * chance);
        var wish = retryAfter > Longest ? Longest : retryAfter ?? TimeSpan.Zero;
        return wish > pause ? wish : pause;
    }
}
