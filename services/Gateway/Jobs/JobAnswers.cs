using System.Text.Json;
using Platform.Contracts;
using Platform.JobStore.Jobs;
using Platform.Planning;

namespace Platform.Gateway.Jobs;

/// <summary>A job as callers see it.</summary>
internal sealed record JobAnswer
{
    public required Guid Id { get; init; }
    public string? Name { get; init; }

    /// <summary>queued, running, publishing, cancelling, completed, failed or cancelled.</summary>
    public required string State { get; init; }

    /// <summary>Share done, 0 to 1.</summary>
    public required double Progress { get; init; }
    public required int Priority { get; init; }
    public required DateTimeOffset AcceptedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public required DateTimeOffset DeadlineAt { get; init; }

    /// <summary>When the job and its files go; known once it has ended.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Why it failed.</summary>
    public ErrorAnswer? Error { get; init; }

    /// <summary>The result files; once completed.</summary>
    public IReadOnlyList<FileAnswer>? Results { get; init; }

    /// <summary>Every stage, in an order in which each comes after those it needs; left out of lists.</summary>
    public IReadOnlyList<StageAnswer>? Stages { get; init; }
    public required JobLinks Links { get; init; }
}

/// <summary>A stage as callers see it.</summary>
internal sealed record StageAnswer
{
    public required string Name { get; init; }
    public required string Type { get; init; }

    /// <summary>Whether the stage was planned by us (a fetch, the publication) rather than asked for.</summary>
    public required bool Internal { get; init; }
    public required IReadOnlyList<string> Needs { get; init; }

    /// <summary>waiting, ready, running, completed, failed, cancelled or skipped.</summary>
    public required StageStatus State { get; init; }

    /// <summary>Number of the current try, from 1; 0 before the first.</summary>
    public required int Attempt { get; init; }
    public required double Progress { get; init; }

    /// <summary>What is being done, in a few words.</summary>
    public string? Activity { get; init; }
    public DateTimeOffset? ReadyAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When the next try is due, after one that failed.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Whether the outputs lay ready and nothing was made.</summary>
    public required bool Reused { get; init; }
    public ErrorAnswer? Error { get; init; }
    public required IReadOnlyDictionary<string, IReadOnlyList<FileAnswer>> Outputs { get; init; }
    public required IReadOnlyDictionary<string, JsonElement> Facts { get; init; }
    public required IReadOnlyList<StageWarning> Warnings { get; init; }
}

/// <summary>Why something failed.</summary>
/// <param name="Stage">The stage that failed the job.</param>
/// <param name="Code">Stable.</param>
/// <param name="Detail">For people.</param>
/// <param name="Retryable">Whether trying again can help.</param>
/// <param name="Evidence">Files that show what went wrong.</param>
internal sealed record ErrorAnswer(string? Stage, string Code, string Detail, bool Retryable, IReadOnlyList<FileAnswer>? Evidence);

/// <summary>A file that can be downloaded.</summary>
internal sealed record FileAnswer(string Name, string Sha256, long Bytes, string ContentType, MediaFacts? Media, string Url)
{
    /// <summary>Of a result: <c>main</c> for what was asked for, else the output that lies beside it, such as <c>thumbnail</c> or <c>srt</c>.</summary>
    public string? Kind { get; init; }
}

/// <summary>Where a job's things are.</summary>
internal sealed record JobLinks(string Self, string Events);

/// <summary>Turns rows into answers.</summary>
internal static class JobAnswers
{
    private const string Main = "main";

    public static JobAnswer Of(JobState job, IReadOnlyCollection<StageProgress> progress)
    {
        var stages = StagesOf(job);
        return Summary(job, stages, progress, job.Document.Metadata) with { Stages = [.. stages.Select(stage => Stage(job.CorrelationId, stage, progress))] };
    }

    /// <summary>The job without its stages, as in lists.</summary>
    public static JobAnswer Summary(JobState job, IReadOnlyList<StageState> stages, IReadOnlyCollection<StageProgress> progress, IReadOnlyDictionary<string, string> metadata)
    {
        var id = job.CorrelationId;
        return new JobAnswer
        {
            Id = id,
            Name = job.Name,
            State = StateName(job.CurrentState),
            Progress = JobProgress.Of(job.CurrentState, stages, progress),
            Priority = job.Priority,
            AcceptedAt = job.AcceptedAt,
            StartedAt = job.StartedAt,
            EndedAt = job.EndedAt,
            DeadlineAt = job.DeadlineAt,
            ExpiresAt = job.ExpiresAt,
            Metadata = metadata,
            Error = job.Failure is { } failure ? Error(id, failure.Stage, failure.Cause, failure.Stage) : null,
            Results = job.Results.Count > 0 ? [.. job.Results.Select(result => File(id, result.Key, result.Value) with { Kind = KindOf(result.Value, stages) })] : null,
            Links = new JobLinks($"/v1/jobs/{id}", $"/v1/jobs/{id}/events"),
        };
    }

    /// <summary>A state's name in the API.</summary>
    public static string StateName(string state) => state.ToLowerInvariant();

    // The saga plans; until it has, the job's stages are those that it will plan.
    private static List<StageState> StagesOf(JobState job) => job.Stages.Count > 0
        ? job.Stages
        : [.. JobPlanner.Plan(job.Document, job.Outputs, job.Inputs).Select(planned => new StageState
        {
            Name = planned.Name,
            Type = planned.Type.Name,
            Parameters = planned.Parameters,
            Inputs = [.. planned.Inputs.Select(input => new PlannedInput(input.Text, input.Stage, input.Output, input.Index, input.Known))],
        })];

    private static StageAnswer Stage(Guid job, StageState stage, IReadOnlyCollection<StageProgress> progress) => new()
    {
        Name = stage.Name,
        Type = stage.Type,
        Internal = StageTypes.Find(stage.Type) is not { Public: true } || stage.Name.Contains('~', StringComparison.Ordinal),
        Needs = [.. stage.Needs],
        State = stage.Status,
        Attempt = stage.Attempt,
        Progress = JobProgress.Of(stage, progress),
        Activity = stage.Status == StageStatus.Running ? JobProgress.Current(stage, progress)?.Activity : null,
        ReadyAt = stage.ReadyAt,
        StartedAt = stage.StartedAt,
        EndedAt = stage.EndedAt,
        RetryAt = stage.RetryAt,
        Reused = stage.Reused,
        Error = stage.Failure is { } failure ? Error(job, null, failure, stage.Name) : null,
        Outputs = stage.Outputs.ToDictionary(output => output.Key, output => Files(job, stage, output.Key, output.Value)),
        Facts = stage.Facts,
        Warnings = stage.Warnings,
    };

    private static IReadOnlyList<FileAnswer> Files(Guid job, StageState stage, string name, StageOutput output) =>
        [.. output.Artifacts.Select((artifact, index) => File(job, JobFiles.NameOf(stage, name, index), artifact))];

    private static ErrorAnswer Error(Guid job, string? stage, StageFailure failure, string? evidenceOf) => new(
        stage, failure.Code, failure.Detail, failure.Kind != FailureKind.Permanent,
        evidenceOf is null || failure.Evidence.Count == 0 ? null : [.. failure.Evidence.Select(file => File(job, $"{evidenceOf}.{file.Key}", file.Value))]);

    // A result is a copy of what a stage made: its content says of which output.
    private static string KindOf(Artifact result, IReadOnlyList<StageState> stages)
    {
        var made = (from stage in stages
                    where stage.Type != StageTypes.Publish.Name
                    from output in stage.Outputs
                    where output.Value.Artifacts.Any(artifact => artifact.Sha256 == result.Sha256)
                    select output.Key == StageTypes.Find(stage.Type)?.MainOutput ? Main : output.Key).ToList();
        return made.Contains(Main) ? Main : made.FirstOrDefault(Main);
    }

    private static FileAnswer File(Guid job, string name, Artifact artifact) =>
        new(name, artifact.Sha256, artifact.Bytes, artifact.ContentType, artifact.Media, $"/v1/jobs/{job}/artifacts/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}");
}
