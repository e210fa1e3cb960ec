using System.Text.Json;
using Platform.Contracts;

namespace Platform.Storage.Tests;

public sealed class ExpiryTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1), Day = TimeSpan.FromDays(1);

    [Fact]
    public async Task Leaves_exactly_what_somebody_needs()
    {
        await using var host = await StorageHost.StartAsync();
        var (job, other) = (Guid.NewGuid(), Guid.NewGuid());
        var (result, intermediate, shared, forgotten) = (await host.PutAsync(), await host.PutAsync(), await host.PutAsync(), await host.PutAsync());
        var (whole, broken) = (await host.KeepManifestAsync(result, shared), await host.KeepManifestAsync(result, intermediate));
        await host.KeepAsync(job, 30 * Day, result);
        await host.KeepAsync(job, Day, intermediate, shared);
        await host.KeepAsync(other, 7 * Day, shared);
        await host.Store.PublishAsync(StorageHost.Tenant, job, "final.mp4", result, default);
        await host.Store.MarkAsync(StorageHost.Tenant, "cancelled-1", default);
        await File.WriteAllTextAsync(host.Path("store/.partial/dead"), "x");
        File.SetLastWriteTimeUtc(host.Path("store/.partial/dead"), host.Clock.GetUtcNow().UtcDateTime - 2 * Day);
        var everything = await host.KeysAsync();

        await host.SweepAsync();
        Assert.Equal(everything.Except([".partial/dead"]), await host.KeysAsync());

        host.Clock.Advance(2 * Hour);
        var young = await host.PutAsync();
        var swept = await host.SweepAsync();
        Assert.Equal((1, 0, 0, 0, 1000), (swept.Artifacts, swept.Manifests, swept.Marks, swept.Partials, swept.Bytes));
        Assert.DoesNotContain(StorageHost.Key(forgotten), await host.KeysAsync());

        host.Clock.Advance(2 * Day);
        await host.SweepAsync();
        Assert.Equal(
            new[] { StorageHost.Key(result), StorageHost.Key(shared), whole, $"acme/results/{job}/final.mp4", "acme/marks/cancelled-1" }.Order(StringComparer.Ordinal),
            await host.KeysAsync());
        Assert.DoesNotContain(StorageHost.Key(young), await host.KeysAsync());
        Assert.DoesNotContain(broken, await host.KeysAsync());

        host.Clock.Advance(30 * Day);
        await host.SweepAsync();
        Assert.Equal([$"acme/results/{job}/final.mp4"], await host.KeysAsync());
    }

    [Fact]
    public async Task Spares_what_is_renewed()
    {
        await using var host = await StorageHost.StartAsync();
        var artifact = await host.PutAsync();
        host.Clock.Advance(2 * Hour);

        await host.Store.TouchAsync(StorageHost.Tenant, artifact.Sha256, default);
        await host.SweepAsync();
        Assert.True(await host.Store.ExistsAsync(StorageHost.Tenant, artifact.Sha256, default));

        host.Clock.Advance(2 * Hour);
        await host.SweepAsync();
        Assert.False(await host.Store.ExistsAsync(StorageHost.Tenant, artifact.Sha256, default));
    }

    [Fact]
    public async Task Keeps_a_sites_files_as_long_as_its_index()
    {
        await using var host = await StorageHost.StartAsync();
        var (page, style) = (await host.PutAsync(), await host.PutAsync());
        var json = JsonSerializer.SerializeToUtf8Bytes(
            new SiteIndex { Files = new Dictionary<string, Artifact> { ["index.html"] = page, ["site.css"] = style } }, ContractJson.Options);
        var index = await host.Store.PutAsync(StorageHost.Tenant, new MemoryStream(json), long.MaxValue, SiteIndex.ContentType, default);
        var pretender = await host.Store.PutAsync(StorageHost.Tenant, new MemoryStream([.. "{\"files\":{ this is none"u8]), long.MaxValue, "text/plain", default);
        await host.KeepAsync(Guid.NewGuid(), Day, index, pretender);
        host.Clock.Advance(2 * Hour);

        await host.SweepAsync();
        Assert.Equal(new[] { page, style, index, pretender }.Select(StorageHost.Key).Order(StringComparer.Ordinal), await host.KeysAsync());

        host.Clock.Advance(Day);
        await host.SweepAsync();
        Assert.Empty(await host.KeysAsync());
    }

    [Fact]
    public async Task Keeps_tenants_apart()
    {
        await using var host = await StorageHost.StartAsync();
        var artifact = await host.PutAsync();
        await host.References.KeepAsync("other", Guid.NewGuid(), [artifact.Sha256], host.Clock.GetUtcNow() + Day, default);
        host.Clock.Advance(2 * Hour);

        Assert.Equal(1, (await host.SweepAsync()).Artifacts);
    }

    [Fact]
    public async Task Makes_room_in_a_full_folder_without_touching_results_or_running_jobs()
    {
        await using var host = await StorageHost.StartAsync(maxBytes: 3 << 20);
        var size = 1 << 20;
        var (running, result, soon, later, loose) = (await host.PutAsync(size), await host.PutAsync(size), await host.PutAsync(size), await host.PutAsync(size), await host.PutAsync(size));
        await host.KeepAsync(Guid.NewGuid(), Day + Hour, running);
        await host.KeepAsync(Guid.NewGuid(), 30 * Day, result);
        await host.KeepAsync(Guid.NewGuid(), 5 * Hour, soon);
        await host.KeepAsync(Guid.NewGuid(), 20 * Hour, later);
        host.Clock.Advance(TimeSpan.FromMinutes(20));

        var swept = await host.SweepAsync();

        Assert.Equal((2, 3L << 20), (swept.Artifacts, swept.BytesLeft));
        Assert.Equal(new[] { running, result, later }.Select(StorageHost.Key).Order(StringComparer.Ordinal), await host.KeysAsync());
        Assert.DoesNotContain(StorageHost.Key(loose), await host.KeysAsync());
        Assert.DoesNotContain(StorageHost.Key(soon), await host.KeysAsync());

        for (var i = 0; i < 3; i++) await host.KeepAsync(Guid.NewGuid(), 30 * Day, await host.PutAsync(size));
        await host.SweepAsync();
        Assert.Contains(StorageHost.Key(running), await host.KeysAsync());
        Assert.Contains(StorageHost.Key(result), await host.KeysAsync());
        Assert.DoesNotContain(StorageHost.Key(later), await host.KeysAsync());
    }

    [Fact]
    public Task Hears_what_jobs_keep_and_let_go_on_sqlite() => HearsAsync(database: null);

    [Fact]
    [Trait("Category", "Integration")]
    public async Task Hears_what_jobs_keep_and_let_go_on_postgres()
    {
        var server = Environment.GetEnvironmentVariable("PLATFORM_TEST_POSTGRES");
        if (server is null) Assert.Skip("PLATFORM_TEST_POSTGRES is not set: ./platform test starts a server and sets it");
        var name = $"storage_{Guid.NewGuid():N}";
        await ExecuteAsync(server!, $"CREATE DATABASE {name}");
        await HearsAsync(new Npgsql.NpgsqlConnectionStringBuilder(server) { Database = name, Pooling = false }.ConnectionString);
        await ExecuteAsync(server!, $"DROP DATABASE {name} WITH (FORCE)");
    }

    private static async Task HearsAsync(string? database)
    {
        await using var host = await StorageHost.StartAsync(database);
        var artifacts = new List<Artifact>();
        for (var i = 0; i < 5; i++) artifacts.Add(await host.PutAsync());
        var job = Guid.NewGuid();
        await host.Store.PublishAsync(StorageHost.Tenant, job, "final.mp4", artifacts[0], default);
        var now = host.Clock.GetUtcNow();

        // Twice, at once, and in any order: the latest time counts.
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => host.TellAsync(Queues.Artifacts, new ArtifactsKept
        {
            JobId = job,
            Tenant = StorageHost.Tenant,
            Artifacts = [.. artifacts.Select(artifact => artifact.Sha256)],
            Until = now + (i % 2 == 0 ? 3 * Day : Day),
        })));
        var consumed = 0;
        await foreach (var message in host.Harness.Consumed.SelectAsync<ArtifactsKept>())
        {
            Assert.Null(message.Exception);
            if (++consumed == 12) break;
        }
        var until = await host.References.UntilAsync(StorageHost.Tenant, [.. artifacts.Select(artifact => artifact.Sha256)], default);
        Assert.Equal(Enumerable.Repeat(now + 3 * Day, 5), until.Values);

        await host.TellAsync(Queues.Artifacts, new JobPurged { JobId = job, Tenant = StorageHost.Tenant });
        Assert.True(await host.Harness.Consumed.Any<JobPurged>(message => message.Exception is null));
        host.Clock.Advance(2 * Hour);
        await host.SweepAsync();
        Assert.Empty(await host.KeysAsync());
    }

    private static async Task ExecuteAsync(string database, string command)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(database);
        await using var statement = source.CreateCommand(command);
        await statement.ExecuteNonQueryAsync();
    }
}
