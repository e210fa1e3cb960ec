using System.Net.Sockets;
using MassTransit;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;

namespace Platform.ServiceDefaults.Tests;

public sealed class LineFormatterTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 13, 0, 0, 5, TimeSpan.FromHours(1));

    [Fact]
    public void Tells_of_a_broker_that_is_away_in_one_short_line()
    {
        var thrown = Thrown(new RabbitMqConnectionException("Broker unreachable: guest@broker:5672/", new BrokerUnreachableException(new AggregateException(new SocketException((int)SocketError.ConnectionRefused)))));

        Assert.Equal(
            "2026-11-27T12:00:00.005Z warn: MassTransit[0] Connection Failed: rabbitmq://broker/ Broker unreachable: guest@broker:5672/ <- None of the specified endpoints were reachable <- Connection refused",
            LineFormatter.Line(Noon, LogLevel.Warning, "MassTransit", 0, "Connection Failed: rabbitmq://broker/", thrown));
    }

    [Fact]
    public void Says_nothing_twice() =>
        Assert.DoesNotContain("away away", LineFormatter.Line(Noon, LogLevel.Warning, "MassTransit", 0, "away", new ConnectionException("away", new SocketException((int)SocketError.ConnectionRefused))), StringComparison.Ordinal);

    [Fact]
    public void Keeps_the_stack_of_what_may_be_a_bug_on_one_line_too()
    {
        var line = LineFormatter.Line(Noon, LogLevel.Error, "Platform.Stages", 7, "Failed\nhard", Thrown(new InvalidOperationException("it is null")));

        Assert.StartsWith("2026-11-27T12:00:00.005Z fail: Platform.Stages[7] Failed hard System.InvalidOperationException: it is null    at Platform.ServiceDefaults.Tests.", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    private static T Thrown<T>(T exception) where T : Exception => Assert.Throws<T>((Action)(() => throw exception));
}
