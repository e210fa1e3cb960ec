namespace Platform.Notification.Webhooks;

/// <summary>Somebody who is told about jobs.</summary>
internal sealed class WebhookEndpoint
{
    /// <summary>The job's id, when the job brought it along.</summary>
    public required Guid Id { get; init; }
    public required string Tenant { get; init; }

    /// <summary>The only job that it hears of.</summary>
    public Guid? JobId { get; init; }
    public required string Url { get; init; }

    /// <summary>Its signing secret, encrypted; null for the tenant's own.</summary>
    public string? ProtectedSecret { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when it is told nothing any more.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>Why: <c>gone</c> when it answered 410.</summary>
    public string? DisabledReason { get; set; }
}

/// <summary>One event for one endpoint.</summary>
internal sealed class Delivery
{
    public required Guid Id { get; init; }
    public required Guid EndpointId { get; init; }
    public required Guid JobId { get; init; }

    /// <summary>Number of the event within its job: deliveries go in this order.</summary>
    public required int Number { get; init; }

    /// <summary>The value of <c>webhook-id</c>, the same at every try.</summary>
    public required string MessageId { get; init; }
    public required string Type { get; init; }

    /// <summary>The body, exactly as it is sent.</summary>
    public required string Payload { get; init; }

    /// <summary>The trace that the event came from.</summary>
    public string? TraceParent { get; init; }
    public required DeliveryState State { get; set; }

    /// <summary>How often it was taken: whoever took it last may say what came of it.</summary>
    public int Takes { get; set; }

    /// <summary>Tries that have failed.</summary>
    public int Failures { get; set; }

    /// <summary>When it is to be tried; null once it has ended.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>Until when it is left to the process that took it.</summary>
    public DateTimeOffset? LeasedUntil { get; set; }

    /// <summary>Status of the last answer.</summary>
    public int? LastStatus { get; set; }

    /// <summary>Why the last try got no answer.</summary>
    public string? LastCode { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>How far a delivery is.</summary>
internal enum DeliveryState
{
    /// <summary>To be tried, or tried again.</summary>
    Pending,

    /// <summary>Answered with 2xx.</summary>
    Delivered,

    /// <summary>Given up.</summary>
    Failed,

    /// <summary>Not sent any more, since its endpoint was disabled.</summary>
    Dropped,
}

/// <summary>One try, for those who ask why nothing arrived. What the endpoint answered is not kept: it is a stranger's.</summary>
internal sealed class DeliveryAttempt
{
    public required Guid DeliveryId { get; init; }

    /// <summary>From 1; those whose process died leave a gap.</summary>
    public required int Number { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>The answer's status.</summary>
    public int? Status { get; init; }

    /// <summary>Why there was no answer.</summary>
    public string? Code { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public required int DurationMs { get; init; }
}
