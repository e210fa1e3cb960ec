using System.Globalization;
using System.Text.Json;
using Platform.Contracts;
using Platform.JobStore.Jobs;
using Platform.Planning;

namespace Platform.Orchestrator.Jobs;

/// <summary>What follows from a job's row: pure, no clock and no bus.</summary>
internal static class JobRules
{
    private const string Thumbnail = "thumbnail";

    /// <summary>Starts of one attempt after which it is taken for what kills its worker.</summary>
    public const int MaxStarts = 5;

    /// <summary>A running stage that is not heard of for so long is tried again. Workers report at least every ten seconds.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    /// <summary>A command that nobody began for so long is sent again: its message may be lost. Longer than a busy queue's wait.</summary>
    public static readonly TimeSpan StandStill = TimeSpan.FromMinutes(30);

    /// <summary>How long a cancelled job waits for its workers' word.</summary>
    public static readonly TimeSpan CancelGrace = TimeSpan.FromSeconds(5);

    /// <summary>How long after its deadline a worker may still say itself that it timed out.</summary>
    public static readonly TimeSpan TimeoutGrace = TimeSpan.FromSeconds(30);

    /// <summary>How long a failed job and its files are kept.</summary>
    public static readonly TimeSpan FailedRetention = TimeSpan.FromDays(7);

    /// <summary>How long files that are no results are kept after the job's end.</summary>
    public static readonly TimeSpan IntermediateRetention = TimeSpan.FromHours(24);

    extension(JobState job)
    {
        public StageState? Find(string stage) => job.Stages.FirstOrDefault(s => s.Name == stage);

        /// <summary>The stage that an answer speaks of, or null when the answer is late: of an attempt that has ended or was given up.</summary>
        public StageState? Current(string stage, int attempt) =>
            job.Find(stage) is { HasEnded: false, RetryAt: null } current && current.Attempt == attempt ? current : null;

        public bool HasFailed => job.Failure is not null;
        public bool AllStagesCompleted => job.Stages.All(stage => stage.Status == StageStatus.Completed);
        public bool AllStagesEnded => job.Stages.All(stage => stage.HasEnded);
        public bool OnlyPublicationIsLeft => job.Stages.All(stage => (stage.Status == StageStatus.Completed) != (stage.Name == JobPlanner.PublishStage));

        /// <summary>Stages whose inputs are all there and whose next attempt is due.</summary>
        public IEnumerable<StageState> ReadyStages(DateTimeOffset now) => job.Stages.Where(stage =>
            (stage.Status == StageStatus.Waiting && stage.Needs.All(need => job.Find(need) is { Status: StageStatus.Completed }))
            || (stage.Status == StageStatus.Ready && stage.RetryAt <= now));

        /// <summary>The files that a stage's parameters name.</summary>
        public Dictionary<string, Artifact> InputsOf(StageState stage) =>
            stage.Inputs.Where(input => !job.IsMissingSidecar(stage, input)).ToDictionary(input => input.Text, input => input.Known ?? job.OutputOf(input));

        /// <summary>A file that a stage's parameters name and that its maker, which has ended, did not make; null when all are there.</summary>
        public string? MissingInputOf(StageState stage) =>
            stage.Inputs.FirstOrDefault(input => input.Known is null && !job.IsMissingSidecar(stage, input) && !job.IsMade(input))?.Text;

        private bool IsMade(PlannedInput input) =>
            job.Find(input.Stage!)!.Outputs.TryGetValue(job.OutputName(input), out var output) && (input.Index ?? 0) < output.Artifacts.Count;

        private Artifact OutputOf(PlannedInput input) => job.Made(input).Artifacts[input.Index ?? 0];

        // A render of mere sound has no thumbnail: what is published beside a result may be missing, what a stage names may not.
        private bool IsMissingSidecar(StageState stage, PlannedInput input) =>
            stage.Name == JobPlanner.PublishStage && input.Output is { } output && !job.Find(input.Stage!)!.Outputs.ContainsKey(output);

        /// <summary>Whether nobody has set another time for the job since the sweeper sent this. Databases cut times to microseconds.</summary>
        public bool IsAsLeftBy(ResumeJob message) => message.WakeAt is { } left && (job.WakeAt - left)?.Duration() < TimeSpan.FromMilliseconds(1);

        /// <summary>When the job must be looked at though nothing is heard: its deadline, a retry, a silent or slow stage, a lost command.</summary>
        public DateTimeOffset? NextWake(DateTimeOffset now)
        {
            if (JobStates.IsEnd(job.CurrentState)) return null;
            var times = job.Stages.Select(stage => stage.Status switch
            {
                StageStatus.Ready => stage.RetryAt ?? stage.ReadyAt + StandStill,
                StageStatus.Running => now + Silence / 4,
                _ => null,
            }).OfType<DateTimeOffset>().Append(job.DeadlineAt);
            return job.CurrentState == JobStates.Cancelling ? now + CancelGrace : times.Min();
        }

        /// <summary>Every file that the job's stages made or were given.</summary>
        public IEnumerable<Artifact> AllArtifacts() => job.Inputs.Values
            .Concat(job.Stages.SelectMany(stage => stage.Outputs.Values.SelectMany(output => output.Artifacts)))
            .Concat(job.Stages.SelectMany(stage => stage.Failure?.Evidence.Values ?? []))
            .DistinctBy(artifact => artifact.Sha256);

        /// <summary>Which files the job holds, and until when, as far as its row tells.</summary>
        public IEnumerable<(IEnumerable<Artifact> Files, DateTimeOffset Until)> Holds() => job switch
        {
            { EndedAt: null } => [(job.AllArtifacts(), job.DeadlineAt + IntermediateRetention)],
            { Failure: not null } => [(job.AllArtifacts(), job.ExpiresAt!.Value)],
            _ => [(job.AllArtifacts(), job.EndedAt.Value + IntermediateRetention), (job.Results.Values, job.ExpiresAt!.Value)],
        };

        /// <summary>The files to publish: each output's main file or files, and the sidecars that were made.</summary>
        public List<ResultFile> ResultFiles()
        {
            var publication = job.Find(JobPlanner.PublishStage)!;
            var oneThumbnail = publication.Inputs.Count(input => input.Output == Thumbnail) == 1;
            return [.. publication.Inputs.Where(input => !job.IsMissingSidecar(publication, input)).SelectMany(input =>
            {
                var output = job.Made(input);
                return output.Artifacts.Select((file, index) => new ResultFile(ResultName(input, file, output.IsList ? index : null, oneThumbnail), file));
            })];
        }

        private StageOutput Made(PlannedInput input) => job.Find(input.Stage!)!.Outputs[job.OutputName(input)];

        private string OutputName(PlannedInput input) => input.Output ?? StageTypes.Find(job.Find(input.Stage!)!.Type)!.MainOutput;
    }

    extension(StageState stage)
    {
        public StageType StageType => StageTypes.Find(stage.Type)!;

        /// <summary>Puts a stage back to before its next attempt.</summary>
        public void Reset(StageStatus status)
        {
            (stage.Status, stage.StartedAt, stage.EndedAt, stage.RetryAt, stage.Starts) = (status, null, null, null, 0);
        }

        public void End(StageStatus status, DateTimeOffset now)
        {
            (stage.Status, stage.EndedAt, stage.RetryAt) = (status, now, null);
        }
    }

    /// <summary>Makes the row's stage out of a planned one.</summary>
    public static StageState ToState(PlannedStage planned) => new()
    {
        Name = planned.Name,
        Type = planned.Type.Name,
        Parameters = planned.Parameters,
        Inputs = [.. planned.Inputs],
        Encode = planned.Encode,
    };

    /// <summary>Pause before an attempt: doubled each time from 2 s, of which a random half is taken off so that failures do not come back in step.</summary>
    /// <param name="failedAttempt">The attempt that failed, from 1.</param>
    /// <param name="random">0 to 1.</param>
    public static TimeSpan Backoff(int failedAttempt, double random) =>
        TimeSpan.FromSeconds(Math.Min(300, Math.Pow(2, failedAttempt))) * (1 - random / 2);

    /// <summary>Whether a failure may be tried again.</summary>
    public static bool MayRetry(StageState stage, StageFailure failure) => failure.Kind != FailureKind.Permanent && stage.Attempt < stage.AttemptLimit;

    // final.mp4, thumbnail.png, subs.srt, subs.words.json; of a list, whose films differ in their shape: page-1080x1920.mp4; of files that call each other by name: web/master.m3u8.
    private static string ResultName(PlannedInput input, Artifact file, int? index, bool oneThumbnail)
    {
        if (file.Name is { } name) return $"{input.Stage}/{name}";
        var extension = MediaTypes.ExtensionOf(file.ContentType);
        var stem = input.Output == Thumbnail && oneThumbnail ? Thumbnail
            : input.Output is null || extension == $".{input.Output}" ? input.Stage
            : $"{input.Stage}.{input.Output}";
        return (index, file.Media) switch
        {
            (null, _) => $"{stem}{extension}",
            (_, { Width: { } width, Height: { } height }) => $"{stem}-{width}x{height}{extension}",
            _ => string.Create(CultureInfo.InvariantCulture, $"{stem}-{index + 1}{extension}"),
        };
    }

    /// <summary>Data of an event about a stage.</summary>
    public static JsonElement StageData(StageState stage) => JsonSerializer.SerializeToElement(
        new { stage = stage.Name, type = stage.Type, attempt = stage.Attempt, state = stage.Status, reused = stage.Reused, error = stage.Failure is { } f ? new { f.Code, f.Detail } : null },
        ContractJson.Options);
}
