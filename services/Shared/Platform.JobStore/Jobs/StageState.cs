using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Contracts;
using Platform.Planning;

namespace Platform.JobStore.Jobs;

/// <summary>State of a stage within its job.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<StageStatus>))]
public enum StageStatus
{
    /// <summary>Needs outputs of stages that have not completed.</summary>
    Waiting,

    /// <summary>Its command was sent, or its retry is due later.</summary>
    Ready,

    /// <summary>A worker has begun.</summary>
    Running,
    Completed,
    Failed,
    Cancelled,

    /// <summary>Never run, since the job ended before.</summary>
    Skipped,
}

/// <summary>One stage of a job: what was planned, and where it stands. Part of the job's row.</summary>
public sealed class StageState
{
    public required string Name { get; init; }

    /// <summary>Name of the stage type.</summary>
    public required string Type { get; init; }

    /// <summary>Parameters as in the document, without <c>type</c>.</summary>
    public required JsonElement Parameters { get; init; }

    /// <summary>Where each file that the parameters name comes from.</summary>
    public List<PlannedInput> Inputs { get; init; } = [];

    /// <summary>Present when this stage's picture or file reaches a result.</summary>
    public FinalEncode? Encode { get; init; }

    /// <summary>For a stage that was expanded: the stage whose outputs stand for its own.</summary>
    public string? ExpandedTo { get; set; }

    public StageStatus Status { get; set; }

    /// <summary>The current try, from 1; 0 before the first.</summary>
    public int Attempt { get; set; }

    /// <summary>The last try there may be; a job that is retried gets more.</summary>
    public int AttemptLimit { get; set; } = 3;

    /// <summary>How often workers began the current attempt: one that keeps killing its worker is ended.</summary>
    public int Starts { get; set; }
    public string? Fingerprint { get; set; }
    public DateTimeOffset? ReadyAt { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When the next attempt's command is due; null when it was sent.</summary>
    public DateTimeOffset? RetryAt { get; set; }
    public Dictionary<string, StageOutput> Outputs { get; set; } = [];
    public Dictionary<string, JsonElement> Facts { get; set; } = [];
    public List<StageWarning> Warnings { get; set; } = [];
    public StageFailure? Failure { get; set; }

    /// <summary>Whether the outputs lay ready and nothing was made.</summary>
    public bool Reused { get; set; }

    /// <summary>Names of the stages whose outputs this one needs.</summary>
    [JsonIgnore]
    public IEnumerable<string> Needs => Inputs.Where(input => input.Stage is not null).Select(input => input.Stage!).Distinct();

    [JsonIgnore]
    public bool HasEnded => Status is StageStatus.Completed or StageStatus.Failed or StageStatus.Cancelled or StageStatus.Skipped;
}
