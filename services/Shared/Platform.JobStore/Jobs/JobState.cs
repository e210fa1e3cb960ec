using MassTransit;
using Platform.Contracts;

namespace Platform.JobStore.Jobs;

/// <summary>A job: the saga's instance, written by the Gateway with its acceptance and by the Orchestrator alone after that.</summary>
public sealed class JobState : SagaStateMachineInstance
{
    /// <summary>The job's id, a UUIDv7.</summary>
    public Guid CorrelationId { get; set; }
    public required string Tenant { get; init; }
    public string? Name { get; init; }

    /// <summary>One of <see cref="JobStates"/>, as text: rows stay readable and states can be reordered.</summary>
    public string CurrentState { get; set; } = JobStates.Queued;

    /// <summary>The document as accepted, without secrets.</summary>
    public required JobDocument Document { get; init; }

    /// <summary>Files that the document names and that were there at acceptance (uploads, sites, artifacts), by the string that names them.</summary>
    public Dictionary<string, Artifact> Inputs { get; init; } = [];

    /// <summary>Names of the stages whose main outputs are the results.</summary>
    public List<string> Outputs { get; init; } = [];

    /// <summary>Every stage of the graph, planned ones included, in an order in which each comes after those it needs.</summary>
    public List<StageState> Stages { get; set; } = [];

    /// <summary>Where the job's events are posted, with its secret encrypted.</summary>
    public WebhookTarget? Webhook { get; init; }
    public int Priority { get; init; }

    /// <summary>Files as published, by name.</summary>
    public Dictionary<string, Artifact> Results { get; set; } = [];

    /// <summary>Why the job failed.</summary>
    public JobFailure? Failure { get; set; }
    public required DateTimeOffset AcceptedAt { get; init; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When the job fails with <c>deadline_exceeded</c>.</summary>
    public required DateTimeOffset DeadlineAt { get; set; }

    /// <summary>When the sweeper is to look at the job next; null for an ended one.</summary>
    public DateTimeOffset? WakeAt { get; set; }

    /// <summary>When an ended job's record and results go.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>Number of the last event.</summary>
    public int LastEvent { get; set; }

    /// <summary>Events that are to be kept with the row: not loaded with it, only added to.</summary>
    public List<JobEvent> Events { get; init; } = [];
}

/// <summary>Names of a job's states in its row and, in lower case, in the API.</summary>
public static class JobStates
{
    public const string Queued = nameof(Queued);
    public const string Running = nameof(Running);
    public const string Publishing = nameof(Publishing);
    public const string Cancelling = nameof(Cancelling);
    public const string Completed = nameof(Completed);
    public const string Failed = nameof(Failed);
    public const string Cancelled = nameof(Cancelled);

    /// <summary>Every state, in the order of a job's life.</summary>
    public static IReadOnlyList<string> All { get; } = [Queued, Running, Publishing, Cancelling, Completed, Failed, Cancelled];

    /// <summary>Whether the job has ended.</summary>
    public static bool IsEnd(string state) => state is Completed or Failed or Cancelled;
}

/// <summary>Why a job failed: the stage that did, and its failure.</summary>
/// <param name="Stage">The stage, or null where the job itself failed (its deadline passed).</param>
/// <param name="Cause">What happened.</param>
public sealed record JobFailure(string? Stage, StageFailure Cause);
