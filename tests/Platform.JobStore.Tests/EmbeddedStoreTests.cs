using Platform.JobStore.Tests.Support;

namespace Platform.JobStore.Tests;

/// <summary>In one process: SQLite and messages in memory.</summary>
public sealed class EmbeddedStoreTests(ITestOutputHelper output) : StoreTests(output)
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jobstore-").FullName;

    private protected override Task<StudioSettings> PrepareAsync() =>
        Task.FromResult(new StudioSettings("t", $"Data Source={Path.Combine(_folder, "films.db")}", null));

    protected override Task CleanUpAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Runs_on_the_sqlite_library_beside_the_application()
    {
        await using var studio = await OpenAsync();     // the library is loaded with the first store, whichever test opens it
        var core = AppDomain.CurrentDomain.GetAssemblies().Single(assembly => assembly.GetName().Name == "SQLitePCLRaw.core");
        Assert.StartsWith(AppContext.BaseDirectory, core.Location, StringComparison.Ordinal);
    }
}
