using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Gateway.Jobs;
using Platform.Gateway.Requests;
using Platform.JobStore.Jobs;

namespace Platform.Gateway.Events;

/// <summary>What a stream works with.</summary>
internal sealed class EventStreamServices(JobDbContext db, JobReader jobs, IOptions<GatewayOptions> options, IHostApplicationLifetime lifetime, TimeProvider time)
{
    public JobReader Jobs => jobs;
    public TimeSpan Heartbeat => options.Value.Heartbeat;
    public TimeProvider Time => time;
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    public Task<List<JobEvent>> EventsAfterAsync(Guid job, int number, CancellationToken cancellation) =>
        db.Events.AsNoTracking().Where(e => e.JobId == job && e.Number > number).OrderBy(e => e.Number).ToListAsync(cancellation);

    public Task<List<StageProgress>> ProgressAsync(Guid job, CancellationToken cancellation) =>
        db.Progress.AsNoTracking().Where(progress => progress.JobId == job).ToListAsync(cancellation);
}

/// <summary>
/// A job's events as Server-Sent Events: the rows after the reader's last, then what the bus brings. Where the bus leaves a gap, or is silent, the rows are read again, so that
/// a reader gets every event once and in order though messages get lost. Progress has no id: only the latest counts.
/// </summary>
internal sealed class EventStream(JobState job, LiveReader reader, int after, bool isReset, EventStreamServices services) : IResult
{
    private readonly Guid _job = job.CorrelationId;
    private int _last = after;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "text/event-stream";
        httpContext.Response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, reader.Dropped, services.Stopping);
        try
        {
            await FollowAsync(httpContext.Response, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            if (reader.Dropped.IsCancellationRequested) httpContext.Abort();
        }
    }

    private async Task FollowAsync(HttpResponse response, CancellationToken cancellation)
    {
        await WriteAsync(response, ": connected\n\n", cancellation);
        if (isReset) await WriteAsync(response, Text(null, "reset", ApiJson.Write(await services.Jobs.AnswerAsync(job, cancellation))), cancellation);
        for (var first = true; ; first = false)
        {
            if (await ReplayAsync(response, cancellation)) return;
            if (first)
                foreach (var progress in await services.ProgressAsync(_job, cancellation))
                    await WriteAsync(response, Progress(progress.Stage, progress.Progress, progress.Activity), cancellation);
            if (await FollowLiveAsync(response, cancellation)) return;
        }
    }

    /// <summary>Sends the rows that the reader has not had. True when the last of them is the end.</summary>
    private async Task<bool> ReplayAsync(HttpResponse response, CancellationToken cancellation)
    {
        var ended = false;
        foreach (var e in await services.EventsAfterAsync(_job, _last, cancellation))
        {
            await SendAsync(response, e.Number, e.Type, e.At, e.Data, cancellation);
            ended = JobEventTypes.IsFinal(e.Type);
        }
        return ended;
    }

    /// <summary>Sends what the bus brings, until the end (true), or until the rows should be looked at (false).</summary>
    private async Task<bool> FollowLiveAsync(HttpResponse response, CancellationToken cancellation)
    {
        while (true)
        {
            switch (await reader.NextAsync(services.Heartbeat, services.Time, cancellation))
            {
                case null:
                    await WriteAsync(response, ": \n\n", cancellation);
                    return false;
                case { Progress: { } progress }:
                    await WriteAsync(response, Progress(progress.Stage, progress.Progress, progress.Activity), cancellation);
                    break;
                case { Event: { } e } when e.Number == _last + 1:
                    await SendAsync(response, e.Number, e.Type, e.At, e.Data, cancellation);
                    if (JobEventTypes.IsFinal(e.Type)) return true;
                    break;
                case { Event: { } e } when e.Number > _last:
                    return false;
            }
        }
    }

    private async Task SendAsync(HttpResponse response, int number, string type, DateTimeOffset at, JsonElement data, CancellationToken cancellation)
    {
        var json = new JsonObject { ["job"] = _job, ["at"] = JsonSerializer.SerializeToNode(at, ApiJson.Options) };
        if (data.ValueKind == JsonValueKind.Object)
            foreach (var member in data.EnumerateObject()) json[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        await WriteAsync(response, Text(number, type, json.ToJsonString()), cancellation);
        _last = number;
    }

    private string Progress(string stage, double progress, string? activity) =>
        Text(null, "job.progressed", ApiJson.Write(new { job = _job, stage, progress = Math.Round(progress, 4), activity }));

    private static string Text(int? id, string type, string json) =>
        string.Create(CultureInfo.InvariantCulture, $"{(id is null ? "" : $"id: {id}\n")}event: {type}\ndata: {json}\n\n");

    private static async Task WriteAsync(HttpResponse response, string text, CancellationToken cancellation)
    {
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
        await response.Body.FlushAsync(cancellation);
    }
}
