namespace Platform.Notification.Webhooks;

/// <summary>What came of one try.</summary>
/// <param name="Status">The endpoint's status, when it answered.</param>
/// <param name="Code">Why there was no answer: one of <see cref="FailureCodes"/>.</param>
/// <param name="RetryAfter">The endpoint's wish.</param>
internal sealed record Outcome(int? Status, string? Code, TimeSpan? RetryAfter = null);

/// <summary>Codes of tries that got no answer; more come from <see cref="Egress.EgressCodes"/>, without their prefix: <c>address_blocked</c>, <c>timeout</c> …</summary>
internal static class FailureCodes
{
    /// <summary>The signing secret cannot be decrypted: the key ring does not hold its key.</summary>
    public const string SecretUnreadable = "secret_unreadable";

    /// <summary>The URL breaks the policy, and always will.</summary>
    public const string UrlNotAllowed = "url_not_allowed";
}

/// <summary>What a try means for its delivery.</summary>
/// <param name="State">The delivery's state from now on.</param>
/// <param name="Pause">Before the next try; only while it is <see cref="DeliveryState.Pending"/>.</param>
/// <param name="Disables">Whether the endpoint wants nothing more.</param>
internal sealed record Verdict(DeliveryState State, TimeSpan? Pause = null, bool Disables = false)
{
    private const int Gone = 410;

    /// <summary>Judges a try. Pure.</summary>
    /// <param name="outcome">What came of it.</param>
    /// <param name="failuresBefore">Tries that had failed before.</param>
    /// <param name="schedule">Pauses before each try.</param>
    /// <param name="chance">Random, -1 to 1.</param>
    public static Verdict On(Outcome outcome, int failuresBefore, IReadOnlyList<TimeSpan> schedule, double chance)
    {
        switch (outcome)
        {
            case { Status: >= 200 and <= 299 }: return new(DeliveryState.Delivered);
            case { Status: Gone }: return new(DeliveryState.Failed, Disables: true);
            case { Code: FailureCodes.UrlNotAllowed }: return new(DeliveryState.Failed);
        }
        var wish = outcome.Status is 429 or 503 ? outcome.RetryAfter : null;
        return RetrySchedule.PauseAfter(schedule, failuresBefore + 1, chance, wish) is { } pause ? new(DeliveryState.Pending, pause) : new(DeliveryState.Failed);
    }
}
