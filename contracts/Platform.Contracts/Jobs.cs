using System.Text.Json;

namespace Platform.Contracts;

/// <summary>A job was accepted and its row written.</summary>
public sealed record JobSubmitted
{
    public required Guid JobId { get; init; }
}

/// <summary>Asks the saga to stop a job.</summary>
public sealed record CancelJob
{
    public required Guid JobId { get; init; }
}

/// <summary>Asks the saga to go on with a failed job: finished stages are kept, failed ones tried anew.</summary>
public sealed record RetryJob
{
    public required Guid JobId { get; init; }
}

/// <summary>
/// Asks the saga to look at its row and do what is due: retries, deadlines, silent stages, and, with <see cref="Resend"/>, every
/// outstanding command again with the same attempt number.
/// </summary>
public sealed record ResumeJob
{
    public required Guid JobId { get; init; }

    /// <summary>Send the commands of ready and running stages again: their messages may be lost.</summary>
    public bool Resend { get; init; }

    /// <summary>
    /// When the sweeper looks at the job again if nothing else is decided: what it wrote into the row as it sent this. A row that says something else was changed since. Null from another sender.
    /// </summary>
    public DateTimeOffset? WakeAt { get; init; }

    /// <summary>Running stages that were silent for too long, with the attempt that was seen silent.</summary>
    public IReadOnlyDictionary<string, int> Silent { get; init; } = new Dictionary<string, int>();
}

/// <summary>
/// A state change of a job, as its owner sees it: a row written in the saga's transaction, numbered per job. Turned into live events and webhooks.
/// </summary>
public sealed record JobEventRecorded
{
    public required Guid JobId { get; init; }
    public required string Tenant { get; init; }

    /// <summary>Number of the event within its job, from 1, without gaps.</summary>
    public required int Number { get; init; }

    /// <summary>One of <see cref="JobEventTypes"/>.</summary>
    public required string Type { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Ids, states and codes; never media, URLs or secrets.</summary>
    public required JsonElement Data { get; init; }
    public WebhookTarget? Webhook { get; init; }
}

/// <summary>A job's record was removed: its results and its hold on artifacts go too.</summary>
public sealed record JobPurged
{
    public required Guid JobId { get; init; }
    public required string Tenant { get; init; }
}

/// <summary>Types of job events.</summary>
public static class JobEventTypes
{
    public const string Accepted = "job.accepted";
    public const string Started = "job.started";
    public const string Retried = "job.retried";
    public const string StageStarted = "stage.started";
    public const string StageCompleted = "stage.completed";
    public const string StageFailed = "stage.failed";
    public const string StageRetrying = "stage.retrying";
    public const string Publishing = "job.publishing";
    public const string Cancelling = "job.cancelling";
    public const string Completed = "job.completed";
    public const string Failed = "job.failed";
    public const string Cancelled = "job.cancelled";

    /// <summary>Whether nothing follows an event of this type (but a retry of a failed job).</summary>
    public static bool IsFinal(string type) => type is Completed or Failed or Cancelled;
}

/// <summary>How far a job is: only the latest counts, so it has no number and is not replayed.</summary>
public sealed record JobProgressed
{
    public required Guid JobId { get; init; }
    public required string Tenant { get; init; }
    public required string Stage { get; init; }

    /// <summary>Share of the stage done, 0 to 1.</summary>
    public required double Progress { get; init; }
    public string? Activity { get; init; }
}

/// <summary>Where a job's events are posted.</summary>
/// <param name="Url">The endpoint.</param>
/// <param name="ProtectedSecret">The endpoint's signing secret, encrypted by Data Protection under purpose <c>webhooks</c>, or null for the tenant's own.</param>
public sealed record WebhookTarget(string Url, string? ProtectedSecret);
