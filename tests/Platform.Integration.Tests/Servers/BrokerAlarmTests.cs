using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Platform.ServiceDefaults;

namespace Platform.Integration.Tests.Servers;

/// <summary>A broker that is short of memory takes nothing and says so to those who publish; a service then is not ready, and is again when that is over.</summary>
[Trait("Category", "Integration")]
public sealed class BrokerAlarmTests(BrokerOfOurOwn broker) : IClassFixture<BrokerOfOurOwn>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_is_ready_only_while_the_broker_takes_what_it_sends()
    {
        await using var service = await StartServiceAsync();
        await WaitForAsync(service, HealthStatus.Healthy);

        await broker.Server.ControlAsync("set_vm_memory_high_watermark", "0.00001");
        var sent = service.Services.GetRequiredService<IBus>().Publish(new Noise(), Cancellation);
        await WaitForAsync(service, HealthStatus.Unhealthy);

        await broker.Server.ControlAsync("set_vm_memory_high_watermark", "0.4");
        await WaitForAsync(service, HealthStatus.Healthy);
        await sent;
    }

    private async Task<WebApplication> StartServiceAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Bus:Uri"] = broker.Server.Addresses[0] });
        builder.AddServiceDefaults("test");
        builder.AddBus(bus => bus.AddConsumer<Listener>());
        var service = builder.Build();
        await service.StartAsync(Cancellation);
        return service;
    }

    private static async Task WaitForAsync(WebApplication service, HealthStatus status)
    {
        var health = service.Services.GetRequiredService<HealthCheckService>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await health.CheckHealthAsync(limit.Token)).Status != status) await timer.WaitForNextTickAsync(limit.Token);
    }

    internal sealed record Noise;

    internal sealed class Listener : IConsumer<Noise>
    {
        public Task Consume(ConsumeContext<Noise> context) => Task.CompletedTask;
    }
}
