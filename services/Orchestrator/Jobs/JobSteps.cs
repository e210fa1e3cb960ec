using System.Text.Json;
using MassTransit;
using Platform.Contracts;
using Platform.JobStore.Jobs;
using Platform.Planning;
using Step = MassTransit.BehaviorContext<Platform.JobStore.Jobs.JobState>;

namespace Platform.Orchestrator.Jobs;

/// <summary>
/// The verbs of the job's table. Each changes the row and sends what follows, all in the saga's transaction: rows and messages go together or not at all.
/// </summary>
internal sealed class JobSteps(TimeProvider time)
{
    private static readonly Uri ArtifactsQueue = new($"exchange:{Queues.Artifacts}");

    private DateTimeOffset Now => time.GetUtcNow();

    public void Plan(Step context)
    {
        var job = context.Saga;
        job.StartedAt = Now;
        job.Stages = [.. JobPlanner.Plan(job.Document, job.Outputs, job.Inputs).Select(JobRules.ToState)];
    }

    public async Task DispatchReadyStages(Step context)
    {
        var job = context.Saga;
        if (job.LastEvent <= 1)
        {
            await Record(context, JobEventTypes.Started, new { });
            await KeepArtifacts(context, job.Inputs.Values, job.DeadlineAt + JobRules.IntermediateRetention);
        }
        foreach (var stage in job.ReadyStages(Now).ToList())
        {
            if (job.MissingInputOf(stage) is { } missing)
            {
                await EndFailed(context, stage, new StageFailure("stage.missing_input", FailureKind.Permanent, $"There is no {missing}: the stage it names made no such file."));
                continue;
            }
            var inputs = job.InputsOf(stage);
            stage.Reset(StageStatus.Ready);
            stage.Attempt++;
            stage.ReadyAt = Now;
            stage.Fingerprint = Fingerprint.Of(stage.StageType, stage.Parameters, inputs, stage.Encode, job.CorrelationId);
            await Send(context, stage, inputs);
        }
        job.WakeAt = job.NextWake(Now);
    }

    public async Task Begin(BehaviorContext<JobState, StageStarted> context)
    {
        var (job, message) = (context.Saga, context.Message);
        if (job.Current(message.Stage, message.Attempt) is not { } stage) return;
        stage.Starts++;
        if (stage.Starts >= JobRules.MaxStarts)
        {
            await CancelAttempt(context, stage);
            await EndFailed(context, stage, new StageFailure("stage.crashed", FailureKind.Permanent, $"The worker died {JobRules.MaxStarts - 1} times at this stage."));
        }
        else if (stage.Status != StageStatus.Running)
        {
            (stage.Status, stage.StartedAt) = (StageStatus.Running, Now);
            await Record(context, JobEventTypes.StageStarted, stage);
        }
        job.WakeAt = job.NextWake(Now);
    }

    public async Task Keep(BehaviorContext<JobState, StageCompleted> context)
    {
        var (job, message) = (context.Saga, context.Message);
        if (job.Current(message.Stage, message.Attempt) is not { } stage) return;
        stage.Outputs = new Dictionary<string, StageOutput>(message.Outputs);
        stage.Facts = new Dictionary<string, JsonElement>(message.Facts);
        stage.Warnings = [.. message.Warnings];
        (stage.Failure, stage.Reused) = (null, message.Reused);
        stage.End(StageStatus.Completed, Now);
        await Record(context, JobEventTypes.StageCompleted, stage);
        await KeepArtifacts(context, stage.Outputs.Values.SelectMany(output => output.Artifacts), job.DeadlineAt + JobRules.IntermediateRetention);
        foreach (var parent in job.Stages.Where(parent => parent.ExpandedTo == stage.Name && !parent.HasEnded))
        {
            (parent.Outputs, parent.Facts) = (stage.Outputs, stage.Facts);
            parent.End(StageStatus.Completed, Now);
            await Record(context, JobEventTypes.StageCompleted, parent);
        }
        job.WakeAt = job.NextWake(Now);
    }

    public static void Expand(BehaviorContext<JobState, StageExpanded> context)
    {
        var (job, message) = (context.Saga, context.Message);
        if (job.Current(message.Stage, message.Attempt) is not { ExpandedTo: null } stage) return;
        var parent = new PlannedStage(stage.Name, stage.StageType, stage.Parameters, stage.Inputs, stage.Encode);
        job.Stages.AddRange(JobPlanner.Expand(parent, message).Select(JobRules.ToState));
        stage.ExpandedTo = message.Result;
        stage.Status = StageStatus.Running;
    }

    public async Task RetryOrFail(BehaviorContext<JobState, StageFailed> context)
    {
        var message = context.Message;
        if (context.Saga.Current(message.Stage, message.Attempt) is { } stage) await RetryOrFail(context, stage, message.Failure);
    }

    /// <summary>Does what is due: deadline, retries, silent and slow stages; and sends commands again that may be lost.</summary>
    public async Task Resume(BehaviorContext<JobState, ResumeJob> context)
    {
        var (job, message, now) = (context.Saga, context.Message, Now);
        if (now >= job.DeadlineAt)
        {
            job.Failure = new JobFailure(null, new StageFailure("deadline_exceeded", FailureKind.Permanent, "The job did not end before its deadline."));
            return;
        }
        foreach (var stage in job.Stages.Where(stage => stage is { Status: StageStatus.Running, ExpandedTo: null }).ToList())
        {
            if (now > stage.StartedAt + stage.StageType.Timeout + JobRules.TimeoutGrace)
                await GiveUp(context, stage, "stage.timeout", "The stage took too long.");
            else if (message.Silent.TryGetValue(stage.Name, out var attempt) && attempt == stage.Attempt)
                await GiveUp(context, stage, "stage.silent", "The worker was not heard of any more.");
            else if (message.Resend)
                await Send(context, stage, job.InputsOf(stage));
        }
        foreach (var stage in job.Stages.Where(stage => stage is { Status: StageStatus.Ready, RetryAt: null } && (message.Resend || stage.ReadyAt + JobRules.StandStill <= now)))
        {
            stage.ReadyAt = now;
            await Send(context, stage, job.InputsOf(stage));
        }
        if (!job.HasFailed) await DispatchReadyStages(context);
    }

    public Task RecordPublishing(Step context) => Record(context, JobEventTypes.Publishing, new { });

    public async Task Complete(Step context)
    {
        var job = context.Saga;
        job.Results = job.ResultFiles().ToDictionary(file => file.Name, file => file.Artifact);
        await End(context, JobEventTypes.Completed, TimeSpan.FromSeconds(job.Document.Retention), new { results = job.Results.Keys });
        await KeepAllArtifacts(context);
    }

    /// <summary>Ends a job whose failure is known: what still runs is stopped.</summary>
    public async Task Fail(Step context)
    {
        var job = context.Saga;
        foreach (var stage in job.Stages.Where(stage => !stage.HasEnded))
        {
            if (stage.Status is StageStatus.Ready or StageStatus.Running) await CancelAttempt(context, stage);
            stage.End(stage.Status == StageStatus.Waiting ? StageStatus.Skipped : StageStatus.Cancelled, Now);
        }
        var failure = job.Failure!;
        await End(context, JobEventTypes.Failed, JobRules.FailedRetention, new { stage = failure.Stage, code = failure.Cause.Code, detail = failure.Cause.Detail });
        await KeepAllArtifacts(context);
    }

    /// <summary>Asks workers to stop. Stages that nobody began are cancelled at once; the others when their worker says so.</summary>
    public async Task Cancel(Step context)
    {
        var job = context.Saga;
        await context.Publish(new CancelStage { JobId = job.CorrelationId, Tenant = job.Tenant });
        foreach (var stage in job.Stages.Where(stage => !stage.HasEnded && (stage.Status != StageStatus.Running || stage.ExpandedTo is not null)))
            stage.End(stage.Status == StageStatus.Waiting ? StageStatus.Skipped : StageStatus.Cancelled, Now);
        if (job.AllStagesEnded) await EndCancelledJob(context);
        else
        {
            await Record(context, JobEventTypes.Cancelling, new { });
            job.WakeAt = Now + JobRules.CancelGrace;
        }
    }

    public Task EndCancelled(BehaviorContext<JobState, StageCompleted> context) => EndCancelled(context, context.Message.Stage, context.Message.Attempt);

    public Task EndCancelled(BehaviorContext<JobState, StageFailed> context) => EndCancelled(context, context.Message.Stage, context.Message.Attempt);

    /// <summary>The workers had their time to say that they stopped: one that is dead never will. After a restart of all there is none to wait for.</summary>
    public async Task EndCancelling(BehaviorContext<JobState, ResumeJob> context)
    {
        if (!context.Message.Resend && !context.Saga.IsAsLeftBy(context.Message)) return;   // sent before the job was cancelled
        foreach (var stage in context.Saga.Stages.Where(stage => !stage.HasEnded)) stage.End(StageStatus.Cancelled, Now);
        await EndCancelledJob(context);
    }

    /// <summary>Puts a failed job back to work: finished stages stay as they are.</summary>
    public async Task Retry(Step context)
    {
        var job = context.Saga;
        foreach (var stage in job.Stages.Where(stage => stage.Status is StageStatus.Failed or StageStatus.Cancelled or StageStatus.Skipped))
        {
            stage.Reset(StageStatus.Waiting);
            (stage.AttemptLimit, stage.Failure) = (stage.Attempt + 3, null);
        }
        (job.Failure, job.EndedAt, job.ExpiresAt) = (null, null, null);
        job.DeadlineAt = Now + TimeSpan.FromSeconds(job.Document.Deadline);
        await Record(context, JobEventTypes.Retried, new { });
    }

    private async Task RetryOrFail(Step context, StageState stage, StageFailure failure)
    {
        if (!JobRules.MayRetry(stage, failure))
        {
            await EndFailed(context, stage, failure);
            return;
        }
        stage.Failure = failure;
        stage.Status = StageStatus.Ready;
        stage.RetryAt = Now + JobRules.Backoff(stage.Attempt, Random.Shared.NextDouble());
        await Record(context, JobEventTypes.StageRetrying, stage);
        context.Saga.WakeAt = context.Saga.NextWake(Now);
    }

    private async Task GiveUp(Step context, StageState stage, string code, string detail)
    {
        await CancelAttempt(context, stage);
        await RetryOrFail(context, stage, new StageFailure(code, FailureKind.Transient, detail));
    }

    private async Task EndFailed(Step context, StageState stage, StageFailure failure)
    {
        stage.Failure = failure;
        stage.End(StageStatus.Failed, Now);
        await Record(context, JobEventTypes.StageFailed, stage);
        context.Saga.Failure ??= new JobFailure(stage.Name, failure);
    }

    private async Task EndCancelled(Step context, string name, int attempt)
    {
        var job = context.Saga;
        job.Current(name, attempt)?.End(StageStatus.Cancelled, Now);
        if (job.AllStagesEnded) await EndCancelledJob(context);
    }

    private Task EndCancelledJob(Step context) => End(context, JobEventTypes.Cancelled, JobRules.FailedRetention, new { });

    private async Task End(Step context, string type, TimeSpan retention, object data)
    {
        var job = context.Saga;
        (job.EndedAt, job.ExpiresAt, job.WakeAt) = (Now, Now + retention, null);
        await Record(context, type, data);
    }

    private static Task Send(Step context, StageState stage, IReadOnlyDictionary<string, Artifact> inputs) =>
        context.Send(new Uri($"exchange:{stage.StageType.Queue}"), StageCommands.For(context.Saga, stage, inputs));

    private static Task CancelAttempt(Step context, StageState stage) => context.Publish(new CancelStage
    {
        JobId = context.Saga.CorrelationId,
        Tenant = context.Saga.Tenant,
        Stage = stage.Name,
        Attempt = stage.Attempt,
    });

    private static async Task KeepAllArtifacts(Step context)
    {
        foreach (var (files, until) in context.Saga.Holds()) await KeepArtifacts(context, files, until);
    }

    private static Task KeepArtifacts(Step context, IEnumerable<Artifact> artifacts, DateTimeOffset until) =>
        context.Saga.Hold(artifacts, until) is { } kept ? context.Send(ArtifactsQueue, kept) : Task.CompletedTask;

    private Task Record(Step context, string type, StageState stage) => Record(context, type, JobRules.StageData(stage));

    private Task Record(Step context, string type, object data) => Record(context, type, JsonSerializer.SerializeToElement(data, ContractJson.Options));

    private Task Record(Step context, string type, JsonElement data)
    {
        var job = context.Saga;
        var e = new JobEvent { JobId = job.CorrelationId, Number = ++job.LastEvent, Type = type, At = Now, Data = data };
        job.Events.Add(e);
        return context.Publish(job.Told(e));
    }
}
