using Platform.Browser;
using Platform.Capture.Takes;
using Platform.Contracts;

namespace Platform.Capture.Tests;

public sealed class PageVerdictTests
{
    private static readonly Uri Asked = new("https://example.com/pricing");
    private static readonly PageFacts Good = new("Pricing", "Plans for everyone", false, false, 300);

    [Theory]
    [InlineData(200, null, null)]
    [InlineData(304, null, null)]
    [InlineData(401, "capture.blocked", FailureKind.Permanent)]
    [InlineData(403, "capture.http_error", FailureKind.Permanent)]
    [InlineData(404, "capture.http_error", FailureKind.Permanent)]
    [InlineData(429, "capture.http_error", FailureKind.Transient)]
    [InlineData(503, "capture.http_error", FailureKind.Transient)]
    public void Reads_the_status(int status, string? code, FailureKind? kind)
    {
        var failure = PageVerdict.OfPage(Asked, Result(status), Asked, 1, Good);

        Assert.Equal((code, kind), (failure?.Code, failure?.Kind));
    }

    [Fact]
    public void A_challenge_is_told_as_such_whatever_its_status()
    {
        Assert.Equal("capture.blocked", PageVerdict.OfPage(Asked, Result(503), Asked, 1, Good with { Title = "Just a moment..." })?.Code);
        Assert.Equal("capture.blocked", PageVerdict.OfPage(Asked, Result(200), Asked, 1, Good with { Challenge = true })?.Code);
        Assert.Equal("capture.blocked", PageVerdict.OfPage(Asked, Result(200), Asked, 1, Good with { Text = "Please VERIFY YOU ARE HUMAN to go on" })?.Code);
    }

    [Fact]
    public void A_long_page_may_talk_about_challenges_and_hold_a_captcha() =>
        Assert.Null(PageVerdict.OfPage(Asked, Result(200), Asked, 1, Good with { Challenge = true, Text = "How bot detection works. " + new string('x', 1500) }));

    [Fact]
    public void A_login_is_a_wall_only_where_it_was_not_asked_for()
    {
        var form = Good with { Password = true };
        var login = new Uri("https://example.com/account/login?next=%2Fpricing");

        Assert.Equal("capture.blocked", PageVerdict.OfPage(Asked, Result(200), login, 2, form)?.Code);
        Assert.Equal("capture.blocked", PageVerdict.OfPage(Asked, Result(200), new Uri("https://login.example.com/"), 2, form)?.Code);
        Assert.Null(PageVerdict.OfPage(login, Result(200), login, 1, form));
        Assert.Null(PageVerdict.OfPage(Asked, Result(200), Asked, 1, form));
    }

    [Fact]
    public void Many_navigations_are_a_loop() =>
        Assert.Equal("capture.navigation_loop", PageVerdict.OfPage(Asked, Result(200), Asked, PageVerdict.MostNavigations + 1, Good)?.Code);

    [Theory]
    [InlineData("net::ERR_TOO_MANY_REDIRECTS", null, "capture.navigation_loop", FailureKind.Permanent)]
    [InlineData("net::ERR_CERT_AUTHORITY_INVALID", null, "capture.certificate_invalid", FailureKind.Permanent)]
    [InlineData("net::ERR_ABORTED", null, "capture.download_not_allowed", FailureKind.Permanent)]
    [InlineData("download", null, "capture.download_not_allowed", FailureKind.Permanent)]
    [InlineData("net::ERR_UNSAFE_REDIRECT", null, "capture.address_blocked", FailureKind.Permanent)]
    [InlineData("net::ERR_CONNECTION_RESET", null, "capture.unreachable", FailureKind.Transient)]
    [InlineData("net::ERR_TUNNEL_CONNECTION_FAILED", "fetch.address_blocked", "capture.address_blocked", FailureKind.Permanent)]
    [InlineData("net::ERR_TUNNEL_CONNECTION_FAILED", "fetch.dns_failed", "capture.unreachable", FailureKind.Transient)]
    [InlineData(null, "fetch.connect_failed", "capture.unreachable", FailureKind.Transient)]
    public void Reads_what_kept_the_page_from_coming(string? error, string? refusal, string code, FailureKind kind)
    {
        var failure = PageVerdict.OfNavigation(new NavigationResult { Url = Asked, Error = error }, refusal);

        Assert.Equal((code, kind), (failure!.Code, failure.Kind));
    }

    [Fact]
    public void A_page_that_came_is_looked_at() => Assert.Null(PageVerdict.OfNavigation(Result(404), null));

    private static NavigationResult Result(int status) => new() { Url = Asked, Status = status };
}
