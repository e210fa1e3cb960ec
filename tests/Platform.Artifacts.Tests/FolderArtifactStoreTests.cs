namespace Platform.Artifacts.Tests;

public sealed class FolderArtifactStoreTests : ArtifactStoreTests
{
    private readonly ManualTime _time = new();

    private string Root => Path.Combine(Temporary, "store");

    private FolderArtifactStore Folder => (FolderArtifactStore)Store;

    protected override Task<IArtifactStore> OpenAsync() => Task.FromResult<IArtifactStore>(Open(minimumFree: 0));

    [Fact]
    public async Task Is_closed_to_other_users()
    {
        var (path, _) = await FileAsync(10);
        var artifact = await Store.PutAsync(Tenant, path, "video/mp4", null, default);

        Assert.Equal("700", Mode(Root));
        Assert.Equal("700", Mode(Path.Combine(Root, Tenant, "artifacts")));
        Assert.Equal("600", Mode(Path.Combine(Root, Tenant, "artifacts", artifact.Sha256)));
    }

    [Fact]
    public async Task Renews_a_files_age_by_touching_and_by_taking_it_in_again()
    {
        var (path, _) = await FileAsync(10);
        var artifact = await Store.PutAsync(Tenant, path, "video/mp4", null, default);
        foreach (var renew in new Func<Task>[] { () => Store.TouchAsync(Tenant, artifact.Sha256, default), () => Store.PutAsync(Tenant, path, "video/mp4", null, default) })
        {
            _time.Now += TimeSpan.FromHours(2);

            await renew();

            Assert.Equal(_time.Now, Assert.Single(await ListAsync()).TouchedAt);
        }
    }

    [Fact]
    public async Task Finds_damage_on_the_disk()
    {
        var (path, _) = await FileAsync(1000);
        var artifact = await Store.PutAsync(Tenant, path, "video/mp4", null, default);
        await File.WriteAllBytesAsync(Path.Combine(Root, Tenant, "artifacts", artifact.Sha256), new byte[1000]);

        var fetch = await Assert.ThrowsAsync<ArtifactStoreException>(() => Store.FetchAsync(Tenant, artifact, Path.Combine(Temporary, "copy"), default));
        var publish = await Assert.ThrowsAsync<ArtifactStoreException>(() => Store.PublishAsync(Tenant, Guid.NewGuid(), "a.mp4", artifact, default));

        Assert.Equal(("storage.corrupt", "storage.corrupt"), (fetch.Code, publish.Code));
        Assert.Single(await KeysAsync());
    }

    [Fact]
    public async Task Takes_nothing_in_that_would_fill_the_disk()
    {
        var full = Open(minimumFree: long.MaxValue / 2);
        var (path, _) = await FileAsync(10);

        var e = await Assert.ThrowsAsync<ArtifactStoreException>(() => full.PutAsync(Tenant, path, "video/mp4", null, default));

        Assert.Equal(("storage.full", true), (e.Code, e.Transient));
        await Assert.ThrowsAsync<ArtifactStoreException>(() => full.ProbeAsync(default));
        await Folder.ProbeAsync(default);
    }

    [Fact]
    public async Task Removes_what_dead_writers_left()
    {
        var (dead, writing) = (Path.Combine(Root, ".partial", "dead"), Path.Combine(Root, ".partial", "writing"));
        await File.WriteAllTextAsync(dead, "x");
        await File.WriteAllTextAsync(writing, "x");
        File.SetLastWriteTimeUtc(dead, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-2));

        Assert.Equal(1, await Folder.RemovePartialsAsync(TimeProvider.System.GetUtcNow().AddHours(-1), default));

        Assert.False(File.Exists(dead));
        Assert.True(File.Exists(writing));
    }

    [Fact]
    public async Task Has_no_links_of_its_own() =>
        Assert.Null(await Store.SignResultAsync(Tenant, Guid.NewGuid(), "a.mp4", TimeSpan.FromMinutes(5), "a.mp4", default));

    private FolderArtifactStore Open(long minimumFree) => new(new ArtifactsOptions { Folder = Root, MinimumFreeBytes = minimumFree }, _time);

    private async Task<List<StoredObject>> ListAsync()
    {
        var found = new List<StoredObject>();
        await foreach (var item in Store.ListAsync(Tenant + "/", default)) found.Add(item);
        return found;
    }

    private static string Mode(string path) => Convert.ToString((int)File.GetUnixFileMode(path), 8);

    private sealed class ManualTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2031, 5, 6, 7, 8, 9, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
