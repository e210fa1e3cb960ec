using System.Globalization;
using Platform.Contracts;
using Platform.Notification.Webhooks;

namespace Platform.Notification.Tests;

public sealed class PayloadTests
{
    private static readonly Guid Job = new("0193a3c4-5d6e-7f80-8123-456789abcdef");

    [Fact]
    public void Tells_ids_state_and_links() => Assert.Equal(
        """{"type":"job.completed","timestamp":"2026-11-20T10:00:00.250Z","data":{"jobId":"0193a3c4-5d6e-7f80-8123-456789abcdef","number":9,"state":"completed","results":["final"],"links":{"self":"https://video.example/v1/jobs/0193a3c4-5d6e-7f80-8123-456789abcdef","events":"https://video.example/v1/jobs/0193a3c4-5d6e-7f80-8123-456789abcdef/events"}}}""",
        Payload.Of(Event(JobEventTypes.Completed, 9, new { results = new[] { "final" } }), new Uri("https://video.example/")));

    [Fact]
    public void Tells_which_stage_is_done() => Assert.Equal(
        """{"type":"stage.completed","timestamp":"2026-11-20T10:00:00.250Z","data":{"jobId":"0193a3c4-5d6e-7f80-8123-456789abcdef","number":4,"state":"running","stage":"film","stageType":"music","attempt":1,"reused":false,"links":{"self":"/v1/jobs/0193a3c4-5d6e-7f80-8123-456789abcdef","events":"/v1/jobs/0193a3c4-5d6e-7f80-8123-456789abcdef/events"}}}""",
        Payload.Of(Event(JobEventTypes.StageCompleted, 4, new { stage = "film", type = "music", attempt = 1, state = "completed", reused = false, error = (string?)null }), null));

    [Fact]
    public void Passes_on_no_detail_which_may_hold_anything()
    {
        var payload = Payload.Of(Event(JobEventTypes.Failed, 5, new
        {
            stage = "shot",
            code = "capture.http_error",
            detail = "https://example.com/?token=hunter2",
            results = new object[] { new { url = "hunter2" } },
            attempt = new { hunter2 = 1 },
        }), null);

        Assert.Contains("\"state\":\"failed\",\"stage\":\"shot\",\"code\":\"capture.http_error\"", payload, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", payload, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(JobEventTypes.Started, true)]
    [InlineData(JobEventTypes.Completed, true)]
    [InlineData(JobEventTypes.Failed, true)]
    [InlineData(JobEventTypes.Cancelled, true)]
    [InlineData(JobEventTypes.Accepted, false)]
    [InlineData(JobEventTypes.StageStarted, false)]
    [InlineData(JobEventTypes.StageFailed, false)]
    [InlineData(JobEventTypes.StageRetrying, false)]
    [InlineData(JobEventTypes.Publishing, false)]
    [InlineData(JobEventTypes.Cancelling, false)]
    [InlineData(JobEventTypes.Retried, false)]
    public void Is_sent_for_what_owners_wait_for(string type, bool told) => Assert.Equal(told, Payload.IsTold(Event(type, 1, new { })));

    [Theory]
    [InlineData("capture", true)]
    [InlineData("music", true)]
    [InlineData("a-kind-of-tomorrow", true)]
    [InlineData("fetch", false)]
    [InlineData("publish", false)]
    public void Is_sent_for_stages_that_were_asked_for(string type, bool told) =>
        Assert.Equal(told, Payload.IsTold(Event(JobEventTypes.StageCompleted, 1, new { stage = "x", type })));

    [Fact]
    public void Has_one_id_per_event()
    {
        var id = Payload.MessageId(Job, 1);

        Assert.Matches("^msg_[0-9a-f]{32}$", id);
        Assert.Equal(id, Payload.MessageId(Job, 1));
        Assert.NotEqual(id, Payload.MessageId(Job, 2));
        Assert.NotEqual(id, Payload.MessageId(Guid.NewGuid(), 1));
    }

    [Fact]
    public void Is_the_same_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Tells_ids_state_and_links();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static JobEventRecorded Event(string type, int number, object data) => new()
    {
        JobId = Job,
        Tenant = "t",
        Number = number,
        Type = type,
        At = new DateTimeOffset(2026, 11, 20, 11, 0, 0, 250, TimeSpan.FromHours(1)),
        Data = JsonSerializer.SerializeToElement(data),
    };
}
