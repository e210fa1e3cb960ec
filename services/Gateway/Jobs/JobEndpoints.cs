using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Platform.Artifacts;
using Platform.Contracts;
using Platform.Gateway.Access;
using Platform.Gateway.Requests;
using Platform.JobStore.Jobs;

namespace Platform.Gateway.Jobs;

/// <summary>Submits jobs and answers questions about them.</summary>
internal static class JobEndpoints
{
    private static readonly Uri Queue = new($"exchange:{Queues.Jobs}");

    public static void MapJobs(this IEndpointRouteBuilder api)
    {
        api.MapPost("/jobs", (HttpContext context, Submission submission, bool? dryRun) => submission.HandleAsync(context, dryRun is true, null))
            .TakesJson().RequireAuthorization(Scopes.WriteJobs)
            .WithName("submitJob").WithSummary("Submit a job, or with dryRun=true see what it would do")
            .Produces<JobAnswer>(202).Produces<PlanAnswer>();
        foreach (var type in StageTypes.All.Where(type => type.Public))
            api.MapPost($"/{type.Name}", (HttpContext context, Submission submission, bool? dryRun) => submission.HandleAsync(context, dryRun is true, type))
                .TakesJson().RequireAuthorization(Scopes.WriteJobs)
                .WithName($"submit{char.ToUpperInvariant(type.Name[0])}{type.Name[1..]}").WithSummary($"Submit a job of one {type.Name} stage")
                .Produces<JobAnswer>(202).Produces<PlanAnswer>();
        api.MapGet("/jobs", ListAsync).RequireAuthorization(Scopes.ReadJobs)
            .WithName("listJobs").WithSummary("List jobs, newest first").Produces<JobPage>();
        api.MapGet("/jobs/{id:jobid}", FindAsync).RequireAuthorization(Scopes.ReadJobs)
            .WithName("getJob").WithSummary("See how a job stands").Produces<JobAnswer>();
        api.MapDelete("/jobs/{id:jobid}", CancelAsync).RequireAuthorization(Scopes.WriteJobs)
            .WithName("cancelJob").WithSummary("Cancel a job; 200 when it had ended already").Produces<JobAnswer>(202).Produces<JobAnswer>();
        api.MapPost("/jobs/{id:jobid}/retry", RetryAsync).RequireAuthorization(Scopes.WriteJobs)
            .WithName("retryJob").WithSummary("Let a failed job go on; finished stages are kept").Produces<JobAnswer>(202);
        api.MapPost("/jobs/{id:jobid}/purge", PurgeAsync).RequireAuthorization(Scopes.WriteJobs)
            .WithName("purgeJob").WithSummary("Remove an ended job with its results").Produces(204);
    }

    private static async Task<IResult> PurgeAsync(Guid id, HttpContext context, JobReader jobs, JobCommands commands, IArtifactStore store, CancellationToken cancellation)
    {
        var tenant = context.Tenant();
        if (await jobs.FindAsync(tenant, id, cancellation) is not { } job) return Problems.NotFound();
        if (!JobStates.IsEnd(job.CurrentState)) return Problems.Conflict("job_not_ended", "A job can be purged once it has ended: cancel it first.");
        await store.RemoveResultsAsync(tenant, id, cancellation);        // first: a purge that stops half way can be repeated
        return await commands.PurgeAsync(tenant, id, cancellation) ? Results.NoContent() : Problems.Conflict("job_not_ended", "The job was retried meanwhile.");
    }

    private static async Task<IResult> ListAsync(HttpContext context, JobReader jobs, CancellationToken cancellation)
    {
        var problems = new List<DocumentProblem>();
        var query = JobQuery.Read(context.Request.Query, problems);
        return problems.Count > 0 ? Problems.Invalid(problems) : JsonAnswer.Of(200, await jobs.ListAsync(context.Tenant(), query, cancellation)) with { Tagged = true };
    }

    private static async Task<IResult> FindAsync(Guid id, HttpContext context, JobReader jobs, CancellationToken cancellation) =>
        await jobs.FindAsync(context.Tenant(), id, cancellation) is { } job
            ? JsonAnswer.Of(200, await jobs.AnswerAsync(job, cancellation)) with { Tagged = true }
            : Problems.NotFound();

    private static async Task<IResult> CancelAsync(Guid id, HttpContext context, JobReader jobs, JobCommands commands, CancellationToken cancellation)
    {
        if (await jobs.FindAsync(context.Tenant(), id, cancellation) is not { } job) return Problems.NotFound();
        var ended = JobStates.IsEnd(job.CurrentState);
        if (!ended) await commands.SendAsync(Queue, new CancelJob { JobId = id }, cancellation);
        return JsonAnswer.Of(ended ? 200 : 202, await jobs.AnswerAsync(job, cancellation));
    }

    private static async Task<IResult> RetryAsync(Guid id, HttpContext context, JobReader jobs, JobCommands commands, CancellationToken cancellation)
    {
        if (await jobs.FindAsync(context.Tenant(), id, cancellation) is not { } job) return Problems.NotFound();
        if (job.CurrentState != JobStates.Failed) return Problems.Conflict("job_not_failed", "Only a failed job can be retried.");
        await commands.SendAsync(Queue, new RetryJob { JobId = id }, cancellation);
        return JsonAnswer.Of(202, await jobs.AnswerAsync(job, cancellation));
    }
}

/// <summary>Asks the saga for something: by the outbox, so that it needs the database only and is not lost.</summary>
internal sealed class JobCommands(JobDbContext db, ISendEndpointProvider queues)
{
    private static readonly Uri Artifacts = new($"exchange:{Queues.Artifacts}");

    public async Task SendAsync<T>(Uri queue, T command, CancellationToken cancellation) where T : class
    {
        await (await queues.GetSendEndpoint(queue)).Send(command, cancellation);
        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>Removes an ended job's record, and tells Storage that nothing holds its files any more. False when it has not ended.</summary>
    public async Task<bool> PurgeAsync(string tenant, Guid id, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var ends = JobStates.All.Where(JobStates.IsEnd).ToList();
        var removed = await db.Jobs.Where(job => job.CorrelationId == id && job.Tenant == tenant && ends.Contains(job.CurrentState)).ExecuteDeleteAsync(cancellation);
        if (removed == 0) return false;
        await db.Progress.Where(progress => progress.JobId == id).ExecuteDeleteAsync(cancellation);
        await (await queues.GetSendEndpoint(Artifacts)).Send(new JobPurged { JobId = id, Tenant = tenant }, cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }
}

/// <summary>One submission: from the body to the accepted job.</summary>
internal sealed class Submission(JobIntake intake, Idempotency idempotency, DryRun dryRun)
{
    public async Task<IResult> HandleAsync(HttpContext context, bool isDryRun, StageType? type)
    {
        var (request, tenant, cancellation) = (context.Request, context.Tenant(), context.RequestAborted);
        if (!IdempotencyKey.TryRead(request.Headers, out var key)) return Problems.InvalidIdempotencyKey();
        var body = await JsonBody.ReadAsync(request, cancellation);
        if (body.Problem is { } malformed) return malformed;

        var repeatable = key is null || isDryRun ? null : new RepeatableRequest(tenant, key, CanonicalJson.Hash(request.Method, request.Path, body.Value));
        if (await idempotency.FindAnswerAsync(repeatable, cancellation) is { } answer) return answer;

        var problems = new List<DocumentProblem>();
        var document = type is null ? body.Value : SingleStageBody.ToDocument(type, body.Value, problems);
        if (document is null) return Problems.Invalid(problems);
        var job = await intake.CheckAsync(tenant, document.Value, cancellation);
        if (job.Problems.Count > 0) return Problems.Invalid([.. job.Problems.Select(problem => type is null ? problem : SingleStageBody.InBody(type, problem))]);
        return isDryRun
            ? JsonAnswer.Of(200, await dryRun.PlanAsync(tenant, job, cancellation))
            : await intake.AcceptAsync(tenant, job, repeatable, cancellation);
    }
}

internal static class JsonEndpoint
{
    /// <summary>Says that an endpoint reads a JSON body, and lets the server end one that is too long.</summary>
    public static RouteHandlerBuilder TakesJson(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(JsonBody.ServerMaxBytes)).Accepts<JsonElement>("application/json");
}
