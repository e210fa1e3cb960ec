using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Capture.Tests;

[Trait("Category", "Integration")]
public sealed class VisitorTests
{
    [Fact]
    public async Task A_page_knows_its_visitor_and_nobody_else_does()
    {
        await using var site = await BadSite.StartAsync();
        await using var host = await CaptureHost.StartAsync();
        var origin = new Uri(site.Url("/")).GetLeftPart(UriPartial.Authority);
        var secrets = System.Text.Json.JsonSerializer.SerializeToElement(
            new
            {
                secrets = new CaptureSecrets
                {
                    Headers = new Dictionary<string, string> { ["X-Visitor"] = "canary-header" },
                    Cookies = [new() { Name = "session", Value = "canary-cookie" }],
                    StorageState = new() { Origins = [new() { Origin = origin, LocalStorage = [new() { Name = "token", Value = "canary-token" }] }] },
                },
            },
            ContractJson.Options);
        var stage = host.Services.GetRequiredService<StageSecrets>().Seal("default", secrets);
        var text = stage.GetProperty("secrets").GetString()!;
        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);

        var done = await host.CaptureAsync(new CaptureParameters { Url = site.Url("/who"), Duration = 3, Format = new(640, 360), Mode = CaptureMode.Still, Secrets = new() { Text = text } });

        Assert.Contains("canary-header|session=canary-cookie", site.Asked);
        Assert.Contains("pixel canary-header", site.Asked);
        var shots = await File.ReadAllTextAsync(await host.FileAsync(done.Outputs["shots"].Artifacts[0], "shots.json"));
        Assert.DoesNotContain("canary", shots, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(host.StoreFolder, "*", SearchOption.AllDirectories), file => File.ReadAllBytes(file).AsSpan().IndexOf("canary"u8) >= 0);
    }

    [Fact]
    public async Task Headers_go_to_the_pages_own_origin_only()
    {
        await using var site = await BadSite.StartAsync();
        await using var other = await BadSite.StartAsync();
        await using var host = await CaptureHost.StartAsync();
        var (url, index) = await host.UploadPageAsync($"<h1>Two servers</h1><img src='{other.Url("/pixel")}'>");
        await host.CaptureAsync(
            new CaptureParameters
            {
                Url = url, Duration = 3, Format = new(640, 360), Mode = CaptureMode.Still,
                Secrets = new() { Plain = new() { Headers = new Dictionary<string, string> { ["X-Visitor"] = "canary-header" } } },
            },
            index);

        Assert.Contains("pixel ", other.Asked);
        Assert.DoesNotContain("pixel canary-header", other.Asked);
    }
}
