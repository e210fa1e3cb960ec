using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Gateway.Access;
using Platform.Gateway.Jobs;
using Platform.Gateway.Requests;
using Platform.JobStore.Jobs;

namespace Platform.Gateway.Events;

/// <summary>A job's events as they happen.</summary>
internal static class EventEndpoints
{
    public static void MapJobEvents(this IEndpointRouteBuilder api) =>
        api.MapGet("/jobs/{id:jobid}/events", FollowAsync).RequireAuthorization(Scopes.ReadJobs)
            .WithName("followJob").WithSummary("Follow a job by Server-Sent Events: what happened since Last-Event-ID, then live, until the final event")
            .Produces(200, contentType: "text/event-stream").Produces(204);

    private static async Task<IResult> FollowAsync(
        Guid id, HttpContext context, JobReader jobs, LiveHub hub, EventStreamServices services, IOptions<GatewayOptions> options, CancellationToken cancellation)
    {
        var tenant = context.Tenant();
        var header = context.Request.Headers["Last-Event-ID"].ToString();
        var reader = hub.Open(tenant, id, options.Value.MaxReadersPerTenant);       // before the rows are read, so that nothing falls between
        if (reader is null) return Problems.TooManyStreams();
        context.Response.RegisterForDispose(reader);
        if (await jobs.FindAsync(tenant, id, cancellation) is not { } job) return Problems.NotFound();

        var known = header.Length > 0;
        var last = int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var lost = known && (last > job.LastEvent || last == 0 && header != "0");       // from another job, or from a future that was restored away
        if (!lost && last == job.LastEvent && JobStates.IsEnd(job.CurrentState)) return Results.NoContent();     // tells an EventSource not to come back
        return new EventStream(job, reader, lost ? 0 : last, lost, services);
    }
}
