using Platform.Contracts;
using Platform.JobStore.Jobs;

namespace Platform.Orchestrator.Jobs;

/// <summary>What a job's row says to others, built in one place because it may be said again.</summary>
internal static class JobMessages
{
    extension(JobState job)
    {
        /// <summary>An event of the job for webhooks and live readers.</summary>
        public JobEventRecorded Told(JobEvent e) => new()
        {
            JobId = e.JobId,
            Tenant = job.Tenant,
            Number = e.Number,
            Type = e.Type,
            At = e.At,
            Data = e.Data,
            Webhook = job.Webhook,
        };

        /// <summary>Keeps files of the job; null when there is none.</summary>
        public ArtifactsKept? Hold(IEnumerable<Artifact> files, DateTimeOffset until)
        {
            var kept = files.Select(file => file.Sha256).Distinct().ToList();
            return kept.Count == 0 ? null : new ArtifactsKept { JobId = job.CorrelationId, Tenant = job.Tenant, Artifacts = kept, Until = until };
        }
    }
}
