using Platform.Notification.Webhooks;

namespace Platform.Notification.Tests;

public sealed class RetryScheduleTests
{
    private static readonly IReadOnlyList<TimeSpan> Published = RetrySchedule.Published;

    [Fact]
    public void Tries_ten_times_over_three_days()
    {
        string[] expected = ["00:00:00", "00:00:05", "00:05:00", "00:30:00", "02:00:00", "05:00:00", "10:00:00", "14:00:00", "20:00:00", "1.00:00:00"];

        Assert.Equal(expected.Select(text => TimeSpan.Parse(text, null)), Published);
        Assert.Equal(new TimeSpan(3, 3, 35, 5), TimeSpan.FromTicks(Published.Sum(pause => pause.Ticks)));
    }

    [Theory]
    [InlineData(1, "00:00:05")]
    [InlineData(2, "00:05:00")]
    [InlineData(8, "20:00:00")]
    [InlineData(9, "1.00:00:00")]
    [InlineData(10, null)]
    [InlineData(11, null)]
    public void Waits_longer_after_each_failure_and_then_ends(int failures, string? pause) =>
        Assert.Equal(pause is null ? null : TimeSpan.Parse(pause, null), RetrySchedule.PauseAfter(Published, failures, 0, null));

    [Theory]
    [InlineData(-1, 270)]
    [InlineData(0, 300)]
    [InlineData(1, 330)]
    public void Varies_a_pause_by_a_tenth(double chance, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetrySchedule.PauseAfter(Published, 2, chance, null));

    [Theory]
    [InlineData(1, 300)]                            // shorter than the schedule: the schedule counts
    [InlineData(3600, 3600)]
    [InlineData(86_400, 86_400)]
    [InlineData(90_000, 86_400)]                    // longer than a day: a day
    [InlineData(10L * 365 * 86_400, 86_400)]
    public void Honours_retry_after_between_the_schedule_and_a_day(long wish, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetrySchedule.PauseAfter(Published, 2, 0, TimeSpan.FromSeconds(wish)));

    [Fact]
    public void Takes_no_wish_for_another_try_than_there_are() => Assert.Null(RetrySchedule.PauseAfter(Published, 10, 0, TimeSpan.FromSeconds(5)));
}
