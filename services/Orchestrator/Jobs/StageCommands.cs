using System.Text.Json;
using Platform.Contracts;
using Platform.JobStore.Jobs;

namespace Platform.Orchestrator.Jobs;

/// <summary>Writes a stage as the command that its worker understands: the only place that knows every kind.</summary>
internal static class StageCommands
{
    /// <summary>Largest file that is fetched for a job, in bytes.</summary>
    private const long MaxFetchBytes = 2L << 30;

    /// <summary>The command for the stage's current attempt.</summary>
    public static object For(JobState job, StageState stage, IReadOnlyDictionary<string, Artifact> inputs)
    {
        var run = new StageRun
        {
            JobId = job.CorrelationId,
            Tenant = job.Tenant,
            Stage = stage.Name,
            Attempt = stage.Attempt,
            StageType = stage.Type,
            Fingerprint = stage.Fingerprint!,
            Timeout = stage.StageType.Timeout,
        };
        return stage.Type switch
        {
            "capture" => new CapturePage { Run = run, Parameters = Read<CaptureParameters>(stage), Inputs = inputs, Encode = stage.Encode },
            "capture-part" => new CapturePart { Run = run, Parameters = Read<CapturePartParameters>(stage), Inputs = inputs },
            "capture-join" => new JoinTake { Run = run, Parameters = Read<JoinTakeParameters>(stage), Inputs = inputs, Encode = stage.Encode },
            "render" => new RenderTemplate { Run = run, Parameters = Read<RenderParameters>(stage), Inputs = inputs, Encode = stage.Encode },
            "render-part" => new RenderPart { Run = run, Parameters = Read<PartParameters>(stage), Inputs = inputs },
            "render-join" => new JoinParts { Run = run, Parameters = Read<JoinParameters>(stage), Inputs = inputs, Encode = stage.Encode },
            "caption" => new CaptionFilm { Run = run, Parameters = Read<CaptionParameters>(stage), Inputs = inputs, Encode = stage.Encode },
            "merge" => new MergeScenes { Run = run, Parameters = Read<MergeParameters>(stage), Inputs = inputs, Encode = stage.Encode },
            "music" => new AddMusic { Run = run, Parameters = Read<MusicParameters>(stage), Inputs = inputs, Encode = stage.Encode },
            "transcode" => new TranscodeFilm { Run = run, Parameters = Read<TranscodeParameters>(stage), Inputs = inputs, Encode = stage.Encode },
            "fetch" => new FetchMedia { Run = run, Url = Read<FetchParameters>(stage).Url, MaxBytes = MaxFetchBytes },
            "publish" => new PublishResult { Run = run, Files = job.ResultFiles() },
            _ => throw new InvalidOperationException($"no worker does {stage.Type}"),
        };
    }

    private static T Read<T>(StageState stage) => stage.Parameters.Deserialize<T>(ContractJson.Options)!;
}
