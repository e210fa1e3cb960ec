using Platform.Notification.Webhooks;

namespace Platform.Notification.Tests;

public sealed class VerdictTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    [InlineData(299)]
    public void Takes_any_2xx_for_success(int status) => Assert.Equal(new Verdict(DeliveryState.Delivered), On(new Outcome(status, null)));

    [Theory]
    [InlineData(199)]
    [InlineData(300)]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(502)]
    public void Tries_again_after_any_other_status(int status) =>
        Assert.Equal(new Verdict(DeliveryState.Pending, TimeSpan.FromSeconds(5)), On(new Outcome(status, null, Hour)));

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public void Waits_as_long_as_a_busy_endpoint_asks(int status) => Assert.Equal(new Verdict(DeliveryState.Pending, Hour), On(new Outcome(status, null, Hour)));

    [Fact]
    public void Disables_what_is_gone() => Assert.Equal(new Verdict(DeliveryState.Failed, Disables: true), On(new Outcome(410, null)));

    [Theory]
    [InlineData("timeout")]
    [InlineData("address_blocked")]
    [InlineData("secret_unreadable")]
    public void Tries_again_when_there_was_no_answer(string code) =>
        Assert.Equal(new Verdict(DeliveryState.Pending, TimeSpan.FromSeconds(5)), On(new Outcome(null, code)));

    [Fact]
    public void Gives_up_at_once_on_a_url_that_never_may() => Assert.Equal(new Verdict(DeliveryState.Failed), On(new Outcome(null, "url_not_allowed")));

    [Fact]
    public void Gives_up_after_the_last_try() => Assert.Equal(new Verdict(DeliveryState.Failed), Verdict.On(new Outcome(500, null), 9, RetrySchedule.Published, 0));

    private static Verdict On(Outcome outcome) => Verdict.On(outcome, 0, RetrySchedule.Published, 0);
}
