using System.Text.Json;

namespace Platform.Contracts;

/// <summary>Which attempt at which stage of which job a command asks for, and under what name its result is kept.</summary>
public sealed record StageRun
{
    public required Guid JobId { get; init; }
    public required string Tenant { get; init; }

    /// <summary>Name of the stage within its job.</summary>
    public required string Stage { get; init; }

    /// <summary>Number of the try, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Name of the stage type, such as <c>capture</c>.</summary>
    public required string StageType { get; init; }

    /// <summary>64 hex digits: equal fingerprints within a tenant have equal outputs.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>How long the attempt may take, from its start.</summary>
    public required TimeSpan Timeout { get; init; }
}

/// <summary>How a stage whose picture or file reaches a result encodes it; absent for an intermediate stage.</summary>
public sealed record FinalEncode
{
    /// <summary>The job's settings.</summary>
    public required EncodeSettings Settings { get; init; }

    /// <summary>Whether this stage writes the result file itself (container, AAC, fast start), or a copying stage after it does.</summary>
    public required bool WritesResult { get; init; }
}

/// <summary>A worker began an attempt.</summary>
public sealed record StageStarted
{
    public required Guid JobId { get; init; }
    public required string Stage { get; init; }
    public required int Attempt { get; init; }

    /// <summary>Machine and process that works, for operators.</summary>
    public required string Worker { get; init; }
}

/// <summary>
/// How far an attempt is. Sent at most twice a second and at least every ten seconds while it runs, not persistent: only the latest counts.
/// </summary>
public sealed record StageProgressed
{
    public required Guid JobId { get; init; }
    public required string Tenant { get; init; }
    public required string Stage { get; init; }
    public required int Attempt { get; init; }

    /// <summary>Share done, 0 to 1.</summary>
    public required double Progress { get; init; }

    /// <summary>What is being done, a few words such as <c>filming</c>.</summary>
    public string? Activity { get; init; }
}

/// <summary>An attempt made its outputs, or found them made already.</summary>
public sealed record StageCompleted
{
    public required Guid JobId { get; init; }
    public required string Stage { get; init; }
    public required int Attempt { get; init; }
    public required IReadOnlyDictionary<string, StageOutput> Outputs { get; init; }
    public IReadOnlyDictionary<string, JsonElement> Facts { get; init; } = new Dictionary<string, JsonElement>();
    public IReadOnlyList<StageWarning> Warnings { get; init; } = [];

    /// <summary>True when the outputs lay ready under the fingerprint and nothing was made.</summary>
    public bool Reused { get; init; }
}

/// <summary>An attempt turned out to be several stages; the stage itself completes when the last of them, <see cref="Result"/>, does.</summary>
public sealed record StageExpanded
{
    public required Guid JobId { get; init; }
    public required string Stage { get; init; }
    public required int Attempt { get; init; }

    /// <summary>Stages to add: name (<c>film~1</c>) to parameters with their type, as in a job document.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Stages { get; init; }

    /// <summary>Which of <see cref="Stages"/> has the outputs that the expanded stage stands for.</summary>
    public required string Result { get; init; }
}

/// <summary>An attempt ended without outputs.</summary>
public sealed record StageFailed
{
    public required Guid JobId { get; init; }
    public required string Stage { get; init; }
    public required int Attempt { get; init; }
    public required StageFailure Failure { get; init; }
}

/// <summary>Tells every worker to stop work for a job, or for one stage of it. Broadcast.</summary>
public sealed record CancelStage
{
    public required Guid JobId { get; init; }
    public required string Tenant { get; init; }

    /// <summary>The stage to stop, or null for all of the job's.</summary>
    public string? Stage { get; init; }

    /// <summary>The attempt to stop; a later attempt goes on. Null for any.</summary>
    public int? Attempt { get; init; }
}

/// <summary>Names of the marks in the artifact store by which a command that is still in a queue is dropped when it arrives.</summary>
public static class CancelMarks
{
    /// <summary>Mark of what a message cancels.</summary>
    public static string Of(CancelStage cancel) => cancel is { Stage: { } stage, Attempt: { } attempt } ? OfAttempt(cancel.JobId, stage, attempt) : OfJob(cancel.JobId);

    /// <summary>Mark of a cancelled job.</summary>
    public static string OfJob(Guid jobId) => $"cancelled-{jobId}";

    /// <summary>Mark of a cancelled attempt at a stage: later attempts go on.</summary>
    public static string OfAttempt(Guid jobId, string stage, int attempt) => $"cancelled-{jobId}-{stage}-{attempt}";
}
