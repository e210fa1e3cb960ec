using Platform.JobStore.Outbox;

namespace Platform.JobStore.Tests;

public sealed class PaceTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Goes_at_full_width_until_something_fails()
    {
        var pace = new DeliveryPace(100);
        Assert.Equal((100, TimeSpan.Zero), (pace.Width, pace.PauseAt(Noon)));
        pace.Failed(Noon, Noon);
        Assert.Equal((4, TimeSpan.FromSeconds(0.5)), (pace.Width, pace.PauseAt(Noon)));
    }

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(8, 2)]
    [InlineData(60, 10)]
    [InlineData(3600, 10)]
    public void Pauses_for_a_quarter_of_the_trouble(int troubleSeconds, double pauseSeconds)
    {
        var pace = new DeliveryPace(100);
        pace.Failed(Noon, Noon);
        var now = Noon.AddSeconds(troubleSeconds);
        pace.Failed(now, now);
        Assert.Equal(TimeSpan.FromSeconds(pauseSeconds), pace.PauseAt(now));
        Assert.Equal(TimeSpan.Zero, pace.PauseAt(now.AddSeconds(pauseSeconds)));
    }

    [Fact]
    public void One_success_ends_the_trouble_and_tells_how_long_it_was()
    {
        var pace = new DeliveryPace(100);
        pace.Failed(Noon, Noon);
        Assert.Equal(TimeSpan.FromSeconds(30), pace.Succeeded(Noon.AddSeconds(30)));
        Assert.Equal((100, TimeSpan.Zero), (pace.Width, pace.PauseAt(Noon.AddSeconds(30))));
        Assert.Null(pace.Succeeded(Noon.AddSeconds(31)));
    }

    [Fact]
    public void A_failure_among_successes_is_its_own()
    {
        var pace = new DeliveryPace(100);
        pace.Succeeded(Noon.AddSeconds(1));
        pace.Failed(Noon, Noon.AddSeconds(10));
        Assert.Equal((100, TimeSpan.Zero), (pace.Width, pace.PauseAt(Noon.AddSeconds(10))));
    }

    [Theory]
    [InlineData(false, new double[] { 1, 2, 4, 8, 15, 15, 15, 15 })]
    [InlineData(true, new double[] { 1, 2, 4, 8, 16, 32, 60, 60 })]
    public void A_message_is_held_longer_with_each_failure(bool refused, double[] seconds) =>
        Assert.Equal(seconds, new[] { 0, 1, 2, 3, 4, 5, 6, 1000 }.Select(failures => DeliveryPace.HoldAfter(failures, refused).TotalSeconds));

    [Fact]
    public void Each_cause_is_written_once_in_five_seconds()
    {
        var time = new ManualTime(Noon);
        var log = new QuietLog(time);
        Assert.Equal([true, false, true], new[] { log.Allows("a"), log.Allows("a"), log.Allows("b") });
        time.Now += TimeSpan.FromSeconds(5);
        Assert.True(log.Allows("a"));
    }

    private sealed class ManualTime(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
