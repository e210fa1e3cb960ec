using MassTransit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Artifacts;
using Platform.Contracts;
using Platform.Ffmpeg;

namespace Platform.Stages;

/// <summary>
/// What every worker does the same way around its own work: drops what was cancelled, answers at once what was made before, joins equal work
/// under way, gives a workspace, tells progress, keeps outputs and manifest, answers.
/// </summary>
public interface IStageRunner
{
    /// <summary>Runs a stage for a delivered command. Returns when the answer is with the broker; throws with the delivery's token.</summary>
    /// <param name="context">The delivery.</param>
    /// <param name="run">Which attempt at what.</param>
    /// <param name="work">Makes the outputs, or throws <see cref="StageException"/>.</param>
    Task RunAsync(ConsumeContext context, StageRun run, Func<StageWork, CancellationToken, Task<StageResult>> work);
}

internal sealed partial class StageRunner(RunRegistry registry, IArtifactStore store, StageAnswers answers, Workspaces workspaces,
    IOptions<StagesOptions> options, TimeProvider time, ILogger<StageRunner> logger) : IStageRunner
{
    public async Task RunAsync(ConsumeContext context, StageRun run, Func<StageWork, CancellationToken, Task<StageResult>> work)
    {
        using var scope = logger.BeginScope(new Dictionary<string, object> { ["JobId"] = run.JobId, ["Stage"] = run.Stage, ["Attempt"] = run.Attempt });
        var delivery = context.CancellationToken;
        if (await IsCancelledAsync(run, delivery)) { LogDropped(run.Stage, run.JobId); return; }
        if (await FindAsync(run, delivery) is { } manifest)
        {
            await answers.SendAsync(Completed(run, manifest, reused: true), delivery);
            LogReused(run.Stage, run.JobId);
            return;
        }

        var waiter = registry.Join(run, (active, token) => ExecuteAsync(active, run, work, token));
        try
        {
            var started = waiter.IsFirst
                ? answers.SendAsync(new StageStarted { JobId = run.JobId, Stage = run.Stage, Attempt = run.Attempt, Worker = Workspaces.Process }, delivery)
                : Task.CompletedTask;
            var outcome = await waiter.OutcomeAsync(delivery);
            await started;
            if (outcome.Manifest is { } made) await answers.SendAsync(Completed(run, made, reused: false), delivery);
            else if (outcome.Expansion is { } parts)
                await answers.SendAsync(new StageExpanded { JobId = run.JobId, Stage = run.Stage, Attempt = run.Attempt, Stages = parts.StagesOf(run.Stage), Result = $"{run.Stage}~{parts.Result}" }, delivery);
            else if (outcome.Failure is { } failure) await answers.SendAsync(new StageFailed { JobId = run.JobId, Stage = run.Stage, Attempt = run.Attempt, Failure = failure }, delivery);
            registry.Answered(waiter);
            if (outcome.Bug is { } bug) throw new StageBugException(bug);
        }
        finally
        {
            registry.Lose(waiter);      // does nothing to one that was answered
        }
    }

    private async Task<bool> IsCancelledAsync(StageRun run, CancellationToken cancellation) =>
        await store.IsMarkedAsync(run.Tenant, CancelMarks.OfJob(run.JobId), cancellation)
        || await store.IsMarkedAsync(run.Tenant, CancelMarks.OfAttempt(run.JobId, run.Stage, run.Attempt), cancellation);

    private async Task<StageManifest?> FindAsync(StageRun run, CancellationToken cancellation) =>
        await store.FindManifestAsync(run.Tenant, run.Fingerprint, cancellation) is { } manifest && await store.RenewAsync(run.Tenant, manifest, cancellation) ? manifest : null;

    private async Task<RunOutcome> ExecuteAsync(ActiveRun active, StageRun run, Func<StageWork, CancellationToken, Task<StageResult>> work, CancellationToken killed)
    {
        var began = time.GetTimestamp();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(killed);
        timeout.CancelAfter(run.Timeout);
        try
        {
            using var workspace = workspaces.Create();
            if (workspace.FreeBytes < options.Value.MinimumFreeBytes)
                throw new StageException("stage.disk_full", FailureKind.Transient, "The worker has too little free disk space.");
            await using var progress = new ProgressReporter(active, answers, time);
            var stage = new StageWork(run, workspace.Folder, store, progress.Report);
            try
            {
                var result = await TypedAsync(work, stage, timeout.Token);
                if (result.Expansion is { } expansion) return new RunOutcome(null, null) { Expansion = expansion };
                var manifest = await KeepAsync(run, stage, result, timeout.Token);
                LogCompleted(run.Stage, run.JobId, time.GetElapsedTime(began));
                return new RunOutcome(manifest, null);
            }
            catch (StageException e)
            {
                LogFailed(run.Stage, run.JobId, e.Failure.Code, e.Failure.Detail, e.InnerException);
                return new RunOutcome(null, e.Failure with { Evidence = await EvidenceAsync(run, e, timeout.Token) });
            }
        }
        catch (OperationCanceledException) when (killed.IsCancellationRequested)
        {
            LogKilled(run.Stage, run.JobId);
            return RunOutcome.Cancelled;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            LogFailed(run.Stage, run.JobId, "stage.timeout", "", null);
            return new RunOutcome(null, new StageFailure("stage.timeout", FailureKind.Transient, $"The stage took longer than {run.Timeout.TotalSeconds:0} seconds."));
        }
        catch (StageException e)
        {
            LogFailed(run.Stage, run.JobId, e.Failure.Code, e.Failure.Detail, e.InnerException);
            return new RunOutcome(null, e.Failure);
        }
        catch (ArtifactStoreException e)
        {
            LogFailed(run.Stage, run.JobId, e.Code, e.Message, e);
            return new RunOutcome(null, new StageFailure(e.Code, e.Transient ? FailureKind.Transient : FailureKind.Permanent, e.Message));
        }
        catch (Exception e)     // a bug: the saga is told, then the message goes to the error queue with it
        {
            return new RunOutcome(null, new StageFailure("stage.internal_error", FailureKind.Unknown, "The stage failed for a reason that is ours."), e);
        }
    }

    private static async Task<StageResult> TypedAsync(Func<StageWork, CancellationToken, Task<StageResult>> work, StageWork stage, CancellationToken cancellation)
    {
        try { return await work(stage, cancellation); }
        catch (MediaException e) { throw e.ToStage(); }
    }

    private async Task<StageManifest> KeepAsync(StageRun run, StageWork stage, StageResult result, CancellationToken cancellation)
    {
        var outputs = await store.KeepAsync(run.Tenant, result.Files, cancellation);
        foreach (var (name, files) in result.Lists)
        {
            var artifacts = new List<Artifact>();
            foreach (var file in files) artifacts.Add(await store.KeepAsync(run.Tenant, file, cancellation));
            outputs[name] = new StageOutput { Artifacts = artifacts, IsList = true };
        }
        foreach (var (name, kept) in result.Kept) outputs[name] = kept;
        return await store.KeepManifestAsync(run.Tenant, new StageManifest
        {
            Fingerprint = run.Fingerprint,
            StageType = run.StageType,
            EngineVersion = StageTypes.Find(run.StageType)?.EngineVersion ?? 0,
            CompletedAt = time.GetUtcNow(),
            Outputs = outputs,
            Facts = result.Facts,
            Warnings = stage.Warnings,
        }, cancellation);
    }

    private async Task<IReadOnlyDictionary<string, Artifact>> EvidenceAsync(StageRun run, StageException e, CancellationToken cancellation) =>
        (await store.KeepAsync(run.Tenant, e.Evidence, cancellation)).ToDictionary(pair => pair.Key, pair => pair.Value.Artifacts[0]);

    private static StageCompleted Completed(StageRun run, StageManifest manifest, bool reused) => new()
    {
        JobId = run.JobId,
        Stage = run.Stage,
        Attempt = run.Attempt,
        Outputs = manifest.Outputs,
        Facts = manifest.Facts,
        Warnings = manifest.Warnings,
        Reused = reused,
    };

    [LoggerMessage(LogLevel.Information, "Completed {Stage} of job {JobId} in {Elapsed}")]
    private partial void LogCompleted(string stage, Guid jobId, TimeSpan elapsed);

    [LoggerMessage(LogLevel.Information, "Answered {Stage} of job {JobId} from its fingerprint")]
    private partial void LogReused(string stage, Guid jobId);

    [LoggerMessage(LogLevel.Information, "Dropped {Stage} of job {JobId}: cancelled")]
    private partial void LogDropped(string stage, Guid jobId);

    [LoggerMessage(LogLevel.Information, "Killed {Stage} of job {JobId}: nobody waits for it")]
    private partial void LogKilled(string stage, Guid jobId);

    [LoggerMessage(LogLevel.Warning, "Failed {Stage} of job {JobId} with {Code}: {Detail}")]
    private partial void LogFailed(string stage, Guid jobId, string code, string detail, Exception? cause);
}

/// <summary>An exception that no stage expected: its message goes to the error queue.</summary>
public sealed class StageBugException(Exception inner) : Exception("a stage threw", inner);
