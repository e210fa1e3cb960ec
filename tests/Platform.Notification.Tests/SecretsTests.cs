using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.ServiceDefaults;

namespace Platform.Notification.Tests;

/// <summary>Each host stands for a process of its own: nothing is shared but the folder.</summary>
public sealed class SecretsTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"platform-secrets-{Guid.NewGuid():N}");

    [Fact]
    public async Task Reads_what_another_process_encrypted()
    {
        using var gateway = await StartAsync(_folder);
        using var notification = await StartAsync(_folder);

        var secret = Of(gateway).Protect("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

        Assert.DoesNotContain("MfKQ9r8", secret, StringComparison.Ordinal);
        Assert.Equal("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", Of(notification).Unprotect(secret));
    }

    [Fact]
    public async Task Makes_one_key_however_many_processes_start_at_once()
    {
        var hosts = Enumerable.Range(0, 8).Select(_ => Build(_folder)).ToList();
        using var together = new Barrier(hosts.Count);
        await Task.WhenAll(hosts.Select(host => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait();
                return host.StartAsync();
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));

        var secrets = hosts.Select(host => Of(host).ForTenant("a")).ToList();

        Assert.Single(Directory.GetFiles(_folder, "key-*.xml"));
        Assert.Single(secrets.Distinct());
        Assert.Equal("x", Of(hosts[0]).Unprotect(Of(hosts[7]).Protect("x")));
        foreach (var host in hosts) host.Dispose();
    }

    [Fact]
    public async Task Gives_every_tenant_a_lasting_secret_of_its_own()
    {
        string before;
        using (var first = await StartAsync(_folder)) before = Of(first).ForTenant("a");
        using var second = await StartAsync(_folder);

        Assert.Equal(before, Of(second).ForTenant("a"));
        Assert.NotEqual(before, Of(second).ForTenant("b"));
        Assert.Equal(32, Convert.FromBase64String(before[WebhookSecrets.Prefix.Length..]).Length);
    }

    [Fact]
    public async Task Keeps_its_folder_to_itself_and_the_master_key_encrypted()
    {
        using var host = await StartAsync(_folder);
        Of(host).ForTenant("a");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder));
        Assert.True(new FileInfo(Path.Combine(_folder, "webhooks.key")).Length > 64);
    }

    [Fact]
    public async Task Refuses_what_is_not_its_own()
    {
        var elsewhere = _folder + "-elsewhere";
        using var host = await StartAsync(_folder);
        using var other = await StartAsync(elsewhere);

        Assert.Throws<CryptographicException>(() => Of(host).Unprotect(Of(other).Protect("x")));
        Directory.Delete(elsewhere, recursive: true);
    }

    [Fact]
    public async Task Says_at_start_that_the_folder_is_missing() =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(null));

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private static WebhookSecrets Of(IHost host) => host.Services.GetRequiredService<WebhookSecrets>();

    private static async Task<IHost> StartAsync(string? folder)
    {
        var host = Build(folder);
        await host.StartAsync();
        return host;
    }

    private static IHost Build(string? folder)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(folder is null ? [] : [new("DataProtection:Folder", folder)]);
        builder.AddSecrets();
        builder.AddSecrets();
        return builder.Build();
    }
}
