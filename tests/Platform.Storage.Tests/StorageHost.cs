using System.Security.Cryptography;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Platform.Artifacts;
using Platform.Contracts;
using Platform.Egress;
using Platform.Ffmpeg;
using Platform.JobStore.Storage;
using Platform.Storage.Expiry;

namespace Platform.Storage.Tests;

/// <summary>The service with a folder, SQLite (or another database) and an in-memory bus, a clock that stands still unless moved, and no Internet but ours.</summary>
internal sealed class StorageHost : IAsyncDisposable
{
    public const string Tenant = "acme";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-storage-");
    private readonly IHost _host;

    private StorageHost(string? database, long maxBytes, bool realProbe)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Platform"] = database ?? $"Data Source={Path("platform.db")}",
            ["Artifacts:Folder"] = Path("store"),
            ["Artifacts:MaxBytes"] = maxBytes.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Artifacts:MinimumFreeBytes"] = "0",
            ["Stages:WorkFolder"] = Path("work"),
            ["Stages:MinimumFreeBytes"] = "0",
        });
        builder.AddStorage();
        builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
        builder.Services.RemoveAll<IHostedService>();
        builder.Services.Replace(ServiceDescriptor.Singleton<IResolver>(Internet));
        builder.Services.Replace(ServiceDescriptor.Singleton<IConnector>(Internet));
        if (!realProbe) builder.Services.Replace(ServiceDescriptor.Singleton<IMediaProbe>(Probe));
        builder.Services.AddMassTransitTestHarness(TextWriter.Null, bus =>
        {
            bus.SetTestTimeouts(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(1)); // the machine may be busy
            bus.AddStorage();
        });
        _host = builder.Build();
    }

    public ManualClock Clock { get; } = new();

    public OneServer Internet { get; } = new();

    public FakeProbe Probe { get; } = new();

    public IArtifactStore Store => Get<IArtifactStore>();

    public FileReferences References => Get<FileReferences>();

    public ITestHarness Harness => Get<ITestHarness>();

    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public static async Task<StorageHost> StartAsync(string? database = null, long maxBytes = 1L << 40, bool realProbe = false)
    {
        var host = new StorageHost(database, maxBytes, realProbe);
        await host.Get<IStoreMigrator>().MigrateAsync();
        await host.Harness.Start();
        return host;
    }

    public Task<Expired> SweepAsync() => Get<IExpiry>().SweepAsync(default);

    public async Task<Artifact> PutAsync(int length = 1000)
    {
        await using var content = new MemoryStream(RandomNumberGenerator.GetBytes(length));
        return await Store.PutAsync(Tenant, content, long.MaxValue, "video/mp4", default);
    }

    public async Task<string> KeepManifestAsync(params Artifact[] artifacts)
    {
        var fingerprint = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await Store.KeepManifestAsync(Tenant, new StageManifest
        {
            Fingerprint = fingerprint,
            StageType = "capture",
            EngineVersion = 1,
            CompletedAt = Clock.GetUtcNow(),
            Outputs = artifacts.Select((artifact, index) => (artifact, index)).ToDictionary(pair => $"o{pair.index}", pair => new StageOutput { Artifacts = [pair.artifact] }),
        }, default);
        return $"{Tenant}/stages/{fingerprint}.json";
    }

    public Task KeepAsync(Guid job, TimeSpan @for, params Artifact[] artifacts) =>
        References.KeepAsync(Tenant, job, artifacts.Select(artifact => artifact.Sha256), Clock.GetUtcNow() + @for, default);

    public async Task<List<string>> KeysAsync()
    {
        var keys = new List<string>();
        await foreach (var found in Store.ListAsync("", default)) keys.Add(found.Key);
        return [.. keys.Order(StringComparer.Ordinal)];
    }

    public static string Key(Artifact artifact) => ArtifactKeys.Artifact(Tenant, artifact.Sha256);

    public async Task TellAsync<T>(string queue, T message) where T : class
    {
        var endpoint = await Harness.Bus.GetSendEndpoint(new Uri($"exchange:{queue}"));
        await endpoint.Send(message);
    }

    /// <summary>The answer to a run; fails when it gets another one.</summary>
    public async Task<T> AnswerAsync<T>(StageRun run) where T : class
    {
        bool Answers(object message) => message switch
        {
            StageCompleted completed => completed.JobId == run.JobId,
            StageFailed failed => failed.JobId == run.JobId,
            _ => false,
        };
        await foreach (var sent in Harness.Sent.SelectAsync(message => Answers(message.MessageObject)))
            return Assert.IsType<T>(sent.MessageObject);
        throw new InvalidOperationException("no answer came");
    }

    public static StageRun Run(string type) => new()
    {
        JobId = Guid.CreateVersion7(),
        Tenant = Tenant,
        Stage = type + "~1",
        Attempt = 1,
        StageType = type,
        Fingerprint = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
        Timeout = TimeSpan.FromMinutes(1),
    };

    public async ValueTask DisposeAsync()
    {
        await Harness.Stop();
        await ((IAsyncDisposable)_host).DisposeAsync();
        await Internet.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}

internal sealed class ManualClock : TimeProvider
{
    private DateTimeOffset _now = new(2031, 5, 6, 7, 8, 9, TimeSpan.Zero);

    public void Advance(TimeSpan by) => _now += by;

    public override DateTimeOffset GetUtcNow() => _now;
}

/// <summary>Finds in every file what it is told to.</summary>
internal sealed class FakeProbe : IMediaProbe
{
    public Func<MediaInfo> Find { get; set; } = () => throw new MediaException("media.unreadable", false, "The file cannot be read.");

    public Task<MediaInfo> ProbeAsync(string path, CancellationToken cancellationToken) => Task.FromResult(Find());
}
