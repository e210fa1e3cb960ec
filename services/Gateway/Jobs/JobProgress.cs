using Platform.Contracts;
using Platform.JobStore.Jobs;

namespace Platform.Gateway.Jobs;

/// <summary>How far a job is: its stages by the work that they are expected to be.</summary>
internal static class JobProgress
{
    /// <summary>Share of the job done, 0 to 1; 1 only when it is completed.</summary>
    public static double Of(string state, IReadOnlyList<StageState> stages, IReadOnlyCollection<StageProgress> reports)
    {
        if (state == JobStates.Completed) return 1;
        var (done, all) = (0.0, 0.0);
        foreach (var stage in stages.Where(stage => stage.ExpandedTo is null))
        {
            var weight = StageTypes.Find(stage.Type)?.EstimatedSeconds ?? 1;
            done += weight * Of(stage, reports);
            all += weight;
        }
        return all == 0 ? 0 : Math.Min(Math.Round(done / all, 4), 0.9999);
    }

    /// <summary>Share of a stage done, 0 to 1.</summary>
    public static double Of(StageState stage, IReadOnlyCollection<StageProgress> reports) => stage.Status switch
    {
        StageStatus.Completed => 1,
        StageStatus.Running => Math.Round(Math.Clamp(Current(stage, reports)?.Progress ?? 0, 0, 1), 4),
        _ => 0,
    };

    /// <summary>The latest report of the current try.</summary>
    public static StageProgress? Current(StageState stage, IReadOnlyCollection<StageProgress> reports) =>
        reports.FirstOrDefault(report => report.Stage == stage.Name && report.Attempt == stage.Attempt);
}
