using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Gateway.Events;
using Platform.Gateway.Tests.Support;
using Platform.JobStore.Jobs;

namespace Platform.Gateway.Tests;

public sealed class EventTests(GatewayApp app)
{
    private GatewayApp _app = app;

    [Fact]
    public async Task Replays_what_happened_goes_on_live_and_ends_with_the_final_event()
    {
        var id = await SubmitAsync();
        await RecordAsync(id, JobEventTypes.Started, publish: false);
        await using var reader = await OpenAsync(id);

        var first = await reader.NextAsync();
        Assert.Equal(("1", JobEventTypes.Accepted), (first.EventId, first.EventType));
        Assert.Equal(("2", JobEventTypes.Started), Tag(await reader.NextAsync()));
        await RecordAsync(id, JobEventTypes.StageStarted, publish: true);
        Assert.Equal(("3", JobEventTypes.StageStarted), Tag(await reader.NextAsync()));
        await PublishProgressAsync(id, 0.25);
        var progress = await reader.NextAsync();
        Assert.Equal((null, "job.progressed"), Tag(progress));
        Assert.Equal(0.25, JsonDocument.Parse(progress.Data).RootElement.GetProperty("progress").GetDouble());
        await RecordAsync(id, JobEventTypes.Completed, publish: true, end: JobStates.Completed);
        Assert.Equal(("4", JobEventTypes.Completed), Tag(await reader.NextAsync()));
        Assert.True(await reader.IsAtEndAsync());
    }

    [Fact]
    public async Task Goes_on_after_the_last_event_id()
    {
        var id = await SubmitAsync();
        await RecordAsync(id, JobEventTypes.Started, publish: false);
        await RecordAsync(id, JobEventTypes.Failed, publish: false, end: JobStates.Failed);

        await using var reader = await OpenAsync(id, "1");

        Assert.Equal(("2", JobEventTypes.Started), Tag(await reader.NextAsync()));
        Assert.Equal(("3", JobEventTypes.Failed), Tag(await reader.NextAsync()));
        Assert.True(await reader.IsAtEndAsync());
    }

    [Fact]
    public async Task Reads_the_rows_again_where_the_bus_left_a_gap_and_tells_nothing_twice()
    {
        var id = await SubmitAsync();
        await using var reader = await OpenAsync(id);
        await reader.NextAsync();
        var lost = await RecordAsync(id, JobEventTypes.Started, publish: false);
        await RecordAsync(id, JobEventTypes.StageStarted, publish: true);
        await _app.Services.GetRequiredService<IBus>().Publish(lost);       // late, and known by then
        await RecordAsync(id, JobEventTypes.Cancelled, publish: true, end: JobStates.Cancelled);

        var rest = new List<string?>();
        while (!await reader.IsAtEndAsync()) rest.Add(reader.Current.EventId);
        Assert.Equal(["2", "3", "4"], rest);
    }

    [Fact]
    public async Task Finds_events_though_the_bus_brings_none()
    {
        var id = await SubmitAsync();
        await using var reader = await OpenAsync(id);
        await reader.NextAsync();

        await RecordAsync(id, JobEventTypes.Started, publish: false);

        Assert.Equal(("2", JobEventTypes.Started), Tag(await reader.NextAsync()));
    }

    [Fact]
    public async Task Ends_an_event_source_that_has_the_final_event()
    {
        var id = await SubmitAsync();
        await RecordAsync(id, JobEventTypes.Completed, publish: false, end: JobStates.Completed);

        using var response = await GetAsync(id, "2");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Theory]
    [InlineData("99")]
    [InlineData("-1")]
    [InlineData("nonsense")]
    public async Task Starts_over_for_an_id_that_was_never_given(string lastEventId)
    {
        var id = await SubmitAsync();
        await using var reader = await OpenAsync(id, lastEventId);

        var reset = await reader.NextAsync();
        Assert.Equal("reset", reset.EventType);
        Assert.Equal(id, JsonDocument.Parse(reset.Data).RootElement.GetProperty("id").GetGuid());
        Assert.Equal(("1", JobEventTypes.Accepted), Tag(await reader.NextAsync()));
    }

    [Fact]
    public async Task Shows_no_other_tenants_events()
    {
        var id = await SubmitAsync();

        using var response = await _app.Other.GetAsync($"/v1/jobs/{id}/events");

        await response.ShouldBeProblemAsync(404, "not_found");
    }

    [Fact]
    public async Task Limits_the_streams_of_a_tenant_and_frees_those_that_close()
    {
        await using var own = new GatewayApp { Settings = { ["Gateway:MaxReadersPerTenant"] = "3" } };
        await own.InitializeAsync();
        _app = own;
        var id = await SubmitAsync();
        var readers = new[] { await OpenAsync(id), await OpenAsync(id), await OpenAsync(id) };

        using var fourth = await GetAsync(id, null);
        await fourth.ShouldBeProblemAsync(429, "too_many_streams");
        foreach (var reader in readers) await reader.DisposeAsync();

        await using var again = await WhenFreeAsync(id);
        Assert.Equal("1", (await again.NextAsync()).EventId);
    }

    [Fact]
    public void Drops_a_reader_that_is_too_slow_without_holding_up_the_others()
    {
        var hub = new LiveHub();
        var job = Guid.NewGuid();
        using var slow = hub.Open("acme", job, 10)!;
        using var stranger = hub.Open("globex", job, 10)!;

        for (var i = 0; i <= LiveReader.Capacity; i++) hub.Tell(new JobProgressed { JobId = job, Tenant = "acme", Stage = "page", Progress = 0.5 });

        Assert.True(slow.Dropped.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)));
        Assert.False(stranger.Dropped.IsCancellationRequested);
    }

    private async Task<EventReader> WhenFreeAsync(Guid id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var response = await GetAsync(id, null);
            if (response.StatusCode == HttpStatusCode.OK) return new EventReader(response);
            response.Dispose();
            await Task.Delay(20, limit.Token);
        }
    }

    private static (string?, string) Tag(SseItem<string> item) => (item.EventId, item.EventType);

    private async Task<Guid> SubmitAsync()
    {
        using var response = await _app.Client.PostJsonAsync("/v1/jobs", Samples.Capture);
        return (await response.ReadJsonAsync()).GetProperty("id").GetGuid();
    }

    /// <summary>Does what the saga does: a row, and then a message.</summary>
    private async Task<JobEventRecorded> RecordAsync(Guid id, string type, bool publish, string? end = null)
    {
        var recorded = await _app.WithDatabaseAsync(async db =>
        {
            var job = await db.Jobs.SingleAsync(job => job.CorrelationId == id);
            job.LastEvent++;
            if (end is not null) job.CurrentState = end;
            var e = new JobEvent { JobId = id, Number = job.LastEvent, Type = type, At = DateTimeOffset.UtcNow, Data = JsonSerializer.SerializeToElement(new { stage = "page" }) };
            db.Events.Add(e);
            await db.SaveChangesAsync();
            return new JobEventRecorded { JobId = id, Tenant = GatewayApp.Tenant, Number = e.Number, Type = type, At = e.At, Data = e.Data };
        });
        if (publish) await _app.Services.GetRequiredService<IBus>().Publish(recorded);
        return recorded;
    }

    private Task PublishProgressAsync(Guid id, double progress) =>
        _app.Services.GetRequiredService<IBus>().Publish(new JobProgressed { JobId = id, Tenant = GatewayApp.Tenant, Stage = "page", Progress = progress, Activity = "filming" });

    private async Task<EventReader> OpenAsync(Guid id, string? lastEventId = null)
    {
        var response = await GetAsync(id, lastEventId);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new EventReader(response);
    }

    private Task<HttpResponseMessage> GetAsync(Guid id, string? lastEventId)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{id}/events");
        if (lastEventId is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        return _app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private sealed class EventReader(HttpResponseMessage response) : IAsyncDisposable
    {
        private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));
        private IAsyncEnumerator<SseItem<string>>? _items;

        public SseItem<string> Current => _items!.Current;

        public async Task<SseItem<string>> NextAsync()
        {
            Assert.False(await IsAtEndAsync());
            return Current;
        }

        public async Task<bool> IsAtEndAsync()
        {
            _items ??= SseParser.Create(await response.Content.ReadAsStreamAsync(_limit.Token)).EnumerateAsync(_limit.Token).GetAsyncEnumerator(_limit.Token);
            return !await _items.MoveNextAsync();
        }

        public async ValueTask DisposeAsync()
        {
            response.Dispose();
            if (_items is not null)
                try { await _items.DisposeAsync(); }
                catch (IOException) { }
            _limit.Dispose();
        }
    }
}
