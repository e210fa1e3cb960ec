using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.JobStore.Jobs;
using Platform.JobStore.Outbox;
using Platform.JobStore.Storage;
using Platform.JobStore.Tests.Support;

namespace Platform.JobStore.Tests;

public sealed class MigrationTests(Servers servers)
{
    [Fact]
    public void Migrations_say_all_of_the_model()
    {
        using var postgres = new PostgresJobDbContext.Design().CreateDbContext([]);
        using var sqlite = new SqliteJobDbContext.Design().CreateDbContext([]);
        Assert.False(postgres.Database.HasPendingModelChanges(), "run: dotnet ef migrations add NAME --context PostgresJobDbContext -o Migrations/Postgres");
        Assert.False(sqlite.Database.HasPendingModelChanges(), "run: dotnet ef migrations add NAME --context SqliteJobDbContext -o Migrations/Sqlite");
    }

    [Fact]
    public async Task Makes_a_database_of_sqlite_and_leaves_it_alone_the_second_time()
    {
        var folder = Directory.CreateTempSubdirectory("jobstore-").FullName;
        await MigrateTwiceAndUseAsync($"Data Source={folder}/made/platform.db");
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_migration_that_was_killed_does_not_stop_the_next()
    {
        var folder = Directory.CreateTempSubdirectory("jobstore-").FullName;
        await using (var services = Services($"Data Source={folder}/platform.db"))
        await using (var scope = services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<JobDbContext>();
            await db.Database.ExecuteSqlRawAsync("""CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER PRIMARY KEY, "Timestamp" TEXT); INSERT INTO "__EFMigrationsLock" VALUES (1, 'then')""");
        }

        await MigrateTwiceAndUseAsync($"Data Source={folder}/platform.db").WaitAsync(TimeSpan.FromSeconds(60));
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    [Trait("Category", "Integration")]
    public async Task Makes_a_schema_of_postgres_that_wakes_listeners()
    {
        var database = await servers.CreateDatabaseAsync();
        await Task.WhenAll(MigrateTwiceAndUseAsync(database), MigrateTwiceAndUseAsync(database));

        await using var listener = new NpgsqlConnection(database);
        await listener.OpenAsync();
        await using (var listen = new NpgsqlCommand("LISTEN jobs_outbox", listener)) await listen.ExecuteNonQueryAsync();
        await using (var services = Services(database)) await AddMessageAsync(services);
        Assert.True(await listener.WaitAsync(TimeSpan.FromSeconds(10)));

        await listener.CloseAsync();
        await servers.DropDatabaseAsync(database);
    }

    private static async Task MigrateTwiceAndUseAsync(string database)
    {
        for (var i = 0; i < 2; i++)
        {
            await using var services = Services(database);
            await services.GetRequiredService<IStoreMigrator>().MigrateAsync();
            await AddMessageAsync(services);
        }
    }

    private static async Task AddMessageAsync(ServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<JobDbContext>();
        var id = Guid.NewGuid();
        db.Add(new OutboxMessage
        {
            MessageId = id,
            DestinationAddress = new Uri("exchange:somewhere"),
            ContentType = "application/json",
            MessageType = "urn:message:Test",
            Body = "{}",
            WrittenAt = DateTimeOffset.UnixEpoch,
        });
        await db.SaveChangesAsync();
        Assert.Equal(id, (await db.Set<OutboxMessage>().OrderBy(message => message.SequenceNumber).LastAsync(message => message.MessageId == id)).MessageId);
    }

    private static ServiceProvider Services(string database) => new ServiceCollection()
        .AddLogging()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Platform", database)]).Build())
        .AddJobStore()
        .AddJobStore()      // as when two services share a process
        .BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
}
