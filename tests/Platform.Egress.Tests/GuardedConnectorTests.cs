using System.Diagnostics;
using System.Net;

namespace Platform.Egress.Tests;

public sealed class GuardedConnectorTests
{
    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::1")]
    [InlineData("64:ff9b::7f00:1")]
    public async Task Refuses_a_name_that_leads_inside(string address)
    {
        await using var internet = new FakeInternet();
        internet.Name("inside.example", address);

        var e = await Assert.ThrowsAsync<EgressException>(() => internet.Connector().ConnectAsync("inside.example", 80, default));

        Assert.Equal((EgressCodes.AddressBlocked, false), (e.Code, e.Transient));
        Assert.Empty(internet.Connections);
    }

    [Fact]
    public async Task Tries_only_the_allowed_ones_of_several_addresses()
    {
        await using var internet = new FakeInternet();
        internet.Serve("mixed.example", "93.184.216.34", 80, exchange => exchange.AnswerAsync("200 OK"));
        internet.Name("mixed.example", "10.0.0.1", "203.0.113.7", "1.1.1.1", "93.184.216.34");

        await using var stream = await internet.Connector().ConnectAsync("mixed.example", 80, default);

        Assert.Equal([IPEndPoint.Parse("1.1.1.1:80"), IPEndPoint.Parse("93.184.216.34:80")], internet.Connections);
    }

    [Fact]
    public async Task Leaves_the_next_address_its_time_when_one_is_silent()
    {
        await using var internet = new FakeInternet { Options = new() { Limits = FakeInternet.Limits(connect: 4) } };
        internet.At("1.1.1.1", 80, new LoopbackServer(_ => Task.CompletedTask) { IsSilent = true });
        internet.Serve("two.example", "93.184.216.34", 80, exchange => exchange.AnswerAsync("200 OK"));
        internet.Name("two.example", "1.1.1.1", "93.184.216.34");

        await using var stream = await internet.Connector().ConnectAsync("two.example", 80, default);

        Assert.Equal(2, internet.Connections.Count);
    }

    [Theory]
    [InlineData("nowhere.example")]
    [InlineData("silent.example")]
    public async Task Reports_a_name_without_an_answer_as_transient_and_soon(string host)
    {
        await using var internet = new FakeInternet { Options = new() { Limits = FakeInternet.Limits(resolve: 0.5) } };
        var clock = Stopwatch.StartNew();

        var e = await Assert.ThrowsAsync<EgressException>(() => internet.Connector().ConnectAsync(host, 80, default));

        Assert.Equal((EgressCodes.DnsFailed, true), (e.Code, e.Transient));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Says_the_same_whether_an_inner_port_is_open_or_not()
    {
        await using var internet = new FakeInternet();
        await using var open = new LoopbackServer(_ => Task.CompletedTask);
        internet.At("10.0.0.1", 80, open);
        internet.Name("inside.example", "10.0.0.1");
        var connector = internet.Connector();

        var first = await Assert.ThrowsAsync<EgressException>(() => connector.ConnectAsync("inside.example", 80, default));
        var second = await Assert.ThrowsAsync<EgressException>(() => connector.ConnectAsync("inside.example", 81, default));

        Assert.Equal((first.Code, first.Message), (second.Code, second.Message));
    }

    [Theory]
    [InlineData("localhost:5672", "127.0.0.1", 5672, true)]
    [InlineData("localhost:5672", "127.8.8.8", 5672, true)]
    [InlineData("localhost:5672", "::1", 5672, true)]
    [InlineData("localhost:5672", "::ffff:127.0.0.1", 5672, true)]
    [InlineData("127.0.0.1:5432", "127.0.0.1", 5432, true)]
    [InlineData("0.0.0.0:8080", "127.0.0.1", 8080, true)]
    [InlineData("[::]:8080", "127.0.0.1", 8080, true)]
    [InlineData("db.example:5432", "10.0.0.5", 5432, true)]
    [InlineData("unknown.example:5432", "10.0.0.5", 5432, true)]
    [InlineData("unknown.example:443", "1.1.1.1", 443, false)]
    [InlineData("api.example:443", "93.184.216.34", 443, true)]
    [InlineData("localhost:5672", "127.0.0.1", 3000, false)]
    [InlineData("db.example:5432", "10.0.0.6", 5432, false)]
    public async Task Never_reaches_our_own_endpoints_even_where_private_is_allowed(string forbidden, string address, int port, bool blocked)
    {
        await using var internet = new FakeInternet { Options = new() { AllowPrivate = true, ForbiddenEndpoints = { forbidden } } };
        internet.Name("localhost", "127.0.0.1", "::1");
        internet.Name("db.example", "10.0.0.5");
        internet.Name("api.example", "93.184.216.34");
        internet.Name("target.example", address);

        var e = await Assert.ThrowsAsync<EgressException>(() => internet.Connector().ConnectAsync("target.example", port, default));

        Assert.Equal(blocked ? EgressCodes.AddressBlocked : EgressCodes.ConnectFailed, e.Code);
        Assert.Equal(blocked ? 0 : 1, internet.Connections.Count);
    }

    [Theory]
    [InlineData("93.184.216.34", false, EgressCodes.AddressBlocked)]
    [InlineData("::ffff:93.184.216.34", false, EgressCodes.AddressBlocked)]
    [InlineData("93.184.216.35", false, EgressCodes.ConnectFailed)]
    [InlineData("93.184.216.34", true, EgressCodes.ConnectFailed)]
    public async Task Never_calls_this_machine_by_its_public_address(string address, bool allowPrivate, string code)
    {
        await using var internet = new FakeInternet();
        internet.Name("self.example", address);
        var connector = new GuardedConnector(new EgressOptions { AllowPrivate = allowPrivate }, internet, internet, IPAddress.Parse("93.184.216.34").Equals);

        var e = await Assert.ThrowsAsync<EgressException>(() => connector.ConnectAsync("self.example", 443, default));

        Assert.Equal(code, e.Code);
    }

    [Theory]
    [InlineData("broker")]
    [InlineData("broker:0")]
    [InlineData("broker:amqp")]
    [InlineData(":5672")]
    public void Rejects_a_forbidden_endpoint_that_would_forbid_nothing(string text) =>
        Assert.True(new ForbiddenEndpointRules().Validate(null, new EgressOptions { ForbiddenEndpoints = { text } }).Failed);
}
