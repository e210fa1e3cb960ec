using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Platform.Gateway.Requests;
using Platform.JobStore.Outbox;

namespace Platform.Gateway.Health;

/// <summary>
/// Whether messages leave: the age of the oldest that waits shows a broker that is away or blocked, which the bus itself calls healthy. Jobs are accepted meanwhile.
/// </summary>
internal sealed class OutboxCheck(IOutboxMonitor outbox, IOptions<GatewayOptions> options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var backlog = await outbox.ReadAsync(cancellationToken);
            var detail = string.Create(CultureInfo.InvariantCulture, $"{backlog.Count} messages wait, the oldest for {backlog.OldestAge.TotalSeconds:0} s.");
            return backlog.OldestAge <= options.Value.MaxOutboxAge ? HealthCheckResult.Healthy(detail) : HealthCheckResult.Unhealthy(detail);
        }
        catch (Exception e) when (FailureHandler.IsOutage(e))
        {
            return HealthCheckResult.Unhealthy("The database cannot be reached.", e);
        }
    }
}
