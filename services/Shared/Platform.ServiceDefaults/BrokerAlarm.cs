using Microsoft.Extensions.Diagnostics.HealthChecks;
using RabbitMQ.Client;

namespace Platform.ServiceDefaults;

/// <summary>Whether the broker takes what we send: short of memory or disk it blocks connections that publish, which the bus itself calls healthy.</summary>
internal sealed class BrokerAlarm : IHealthCheck
{
    private volatile string? _reason;

    /// <summary>Listens to a connection, once for each of its channels. One that was lost blocks nothing any more, and the bus tells of that.</summary>
    public void Watch(IConnection connection)
    {
        connection.ConnectionBlockedAsync += (_, blocked) => Set(blocked.Reason);
        connection.ConnectionUnblockedAsync += (_, _) => Set(null);
        connection.ConnectionShutdownAsync += (_, _) => Set(null);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_reason is { } reason ? HealthCheckResult.Unhealthy($"The broker blocks what is sent: {reason}.") : HealthCheckResult.Healthy());

    private Task Set(string? reason)
    {
        _reason = reason;
        return Task.CompletedTask;
    }
}
