using System.Text.Json;
using MassTransit;
using Platform.Contracts;
using Platform.Gateway.Requests;
using Platform.Gateway.Templates;
using Platform.JobStore.Jobs;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Jobs;

/// <summary>A document that was checked: the job with its files, or what is wrong.</summary>
/// <param name="Document">The job, or null when there are problems.</param>
/// <param name="Outputs">Names of the stages whose main outputs are the results.</param>
/// <param name="Inputs">The files that it names, by the string that names them.</param>
/// <param name="Problems">What is wrong, with its place.</param>
internal sealed record CheckedJob(JobDocument? Document, IReadOnlyList<string> Outputs, Dictionary<string, Artifact> Inputs, IReadOnlyList<DocumentProblem> Problems);

/// <summary>Takes jobs in.</summary>
internal sealed class JobIntake(JobDbContext db, ISendEndpointProvider queues, References references, TemplateSnapshots templates, Idempotency idempotency, WebhookSecrets secrets, StageSecrets stageSecrets, TimeProvider time)
{
    private static readonly Uri Queue = new($"exchange:{Queues.Jobs}");

    // If the message that starts a job were lost with its process, the sweeper would find the job by this.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Checks a document and what it refers to. Every problem is told, nothing is stored.</summary>
    public async Task<CheckedJob> CheckAsync(string tenant, JsonElement document, CancellationToken cancellation)
    {
        var snapshot = await templates.TakeAsync(tenant, document, cancellation);
        var reading = JobDocumentReader.Read(snapshot.Document);
        var resolved = await references.ResolveAsync(tenant, reading.References, cancellation);
        var problems = snapshot.Problems.Concat(reading.Problems.Concat(resolved.Problems).Select(snapshot.AsWritten)).DistinctBy(problem => (problem.Pointer, problem.Code)).ToList();
        return new CheckedJob(problems.Count > 0 ? null : reading.Job, reading.Outputs, resolved.Inputs, problems);
    }

    /// <summary>
    /// Accepts a job: its row, its first event, the message that starts it and the answer for a repeat are one transaction, which needs the database only.
    /// </summary>
    public async Task<IResult> AcceptAsync(string tenant, CheckedJob accepted, RepeatableRequest? request, CancellationToken cancellation)
    {
        var job = NewJob(tenant, accepted);
        var answer = JsonAnswer.Of(StatusCodes.Status202Accepted, JobAnswers.Of(job, [])) with { Location = $"/v1/jobs/{job.CorrelationId}" };
        db.Jobs.Add(job);
        db.Metadata.AddRange(job.Document.Metadata.Select(pair => new JobMetadata { JobId = job.CorrelationId, Key = pair.Key, Value = pair.Value }));
        db.Events.Add(new JobEvent
        {
            JobId = job.CorrelationId,
            Number = 1,
            Type = JobEventTypes.Accepted,
            At = job.AcceptedAt,
            Data = JsonSerializer.SerializeToElement(new { }),
        });
        idempotency.Remember(request, answer, job.CorrelationId);
        await (await queues.GetSendEndpoint(Queue)).Send(new JobSubmitted { JobId = job.CorrelationId }, cancellation);      // a row of the outbox
        return await idempotency.SaveAsync(request, answer, cancellation);
    }

    private JobState NewJob(string tenant, CheckedJob accepted)
    {
        var now = Now();
        var document = accepted.Document!;
        var deadline = now + TimeSpan.FromSeconds(document.Deadline);
        return new JobState
        {
            CorrelationId = Guid.CreateVersion7(now),
            Tenant = tenant,
            Name = document.Name,
            Document = document with
            {
                Stages = document.Stages.ToDictionary(stage => stage.Key, stage => stageSecrets.Seal(tenant, stage.Value)),
                Webhook = document.Webhook is { } webhook ? webhook with { Secret = null } : null,
            },
            Inputs = accepted.Inputs,
            Outputs = [.. accepted.Outputs],
            Webhook = document.Webhook is { } target ? new WebhookTarget(target.Url, target.Secret is { } secret ? secrets.Protect(secret) : null) : null,
            Priority = document.Priority,
            AcceptedAt = now,
            DeadlineAt = deadline,
            WakeAt = deadline < now + Patience ? deadline : now + Patience,
            LastEvent = 1,
        };
    }

    // No finer than the databases keep it, so that the first answer and later ones say the same.
    private DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }
}
